package nl.wijkboek.platform

import android.Manifest
import android.annotation.SuppressLint
import android.content.Context
import android.content.pm.PackageManager
import android.location.Location
import android.location.LocationListener
import android.location.LocationManager
import android.os.Bundle
import android.os.Looper
import kotlin.coroutines.resume
import kotlin.math.ceil
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withTimeoutOrNull
import nl.wijkboek.data.Position
import nl.wijkboek.data.PositionSource

/**
 * The device's position, asked for once and never kept on.
 *
 * Uses the platform's own location service, so that no other company hears where the phone is.
 */
class AndroidPositionSource(private val context: Context, private val patienceMs: Long = 10_000) : PositionSource {
    private val manager: LocationManager? get() = context.getSystemService(LocationManager::class.java)

    /** Whether the user lets this app know where it is, roughly at least. */
    val isPermitted: Boolean get() = PERMISSIONS.any(::granted)

    override suspend fun current(): Position? {
        val manager = manager ?: return null
        val provider = PROVIDERS.firstOrNull { usable(manager, it) } ?: return null
        return withTimeoutOrNull(patienceMs) { next(manager, provider) }?.toPosition()
    }

    private fun usable(manager: LocationManager, provider: String): Boolean {
        // The satellites' provider gives nothing to an app with rough positions only.
        val permitted = if (provider == LocationManager.GPS_PROVIDER) granted(Manifest.permission.ACCESS_FINE_LOCATION) else isPermitted
        return permitted && provider in manager.allProviders && manager.isProviderEnabled(provider)
    }

    @SuppressLint("MissingPermission")
    private suspend fun next(manager: LocationManager, provider: String): Location = suspendCancellableCoroutine { waiting ->
        val listener = object : LocationListener {
            override fun onLocationChanged(location: Location) {
                manager.removeUpdates(this)
                if (waiting.isActive) waiting.resume(location)
            }

            // Without these, Android 10 and older throw.
            override fun onProviderEnabled(provider: String) = Unit

            override fun onProviderDisabled(provider: String) = Unit

            @Deprecated("Called by Android 9 and older")
            override fun onStatusChanged(provider: String?, status: Int, extras: Bundle?) = Unit
        }
        manager.requestLocationUpdates(provider, 0, 0f, listener, Looper.getMainLooper())
        // After the request: it is called at once when the caller has stopped waiting meanwhile.
        waiting.invokeOnCancellation { manager.removeUpdates(listener) }
    }

    private fun granted(permission: String): Boolean =
        context.checkSelfPermission(permission) == PackageManager.PERMISSION_GRANTED

    companion object {
        /** What to ask for; the user may grant the rough one only. */
        val PERMISSIONS = arrayOf(Manifest.permission.ACCESS_FINE_LOCATION, Manifest.permission.ACCESS_COARSE_LOCATION)

        // "fused" is the platform's own mix of satellites and networks since Android 12.
        private val PROVIDERS = listOf("fused", LocationManager.GPS_PROVIDER, LocationManager.NETWORK_PROVIDER)

        /** Rounded up: a circle that is too large asks one question more, one too small asks none. */
        private fun Location.toPosition() =
            Position(longitude, latitude, if (hasAccuracy()) ceil(accuracy).toInt() else UNKNOWN_ACCURACY_M)

        private const val UNKNOWN_ACCURACY_M = 1_000
    }
}
