package nl.wijkboek.platform

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import nl.wijkboek.data.NetworkWatch

/** Tells when the device has a network again, so that nothing waits for a timer. */
class AndroidNetworkWatch(context: Context) : NetworkWatch {
    private val manager: ConnectivityManager? = context.getSystemService(ConnectivityManager::class.java)

    override fun watch(onAvailable: () -> Unit): AutoCloseable {
        val manager = manager ?: return AutoCloseable {}
        val callback = object : ConnectivityManager.NetworkCallback() {
            override fun onAvailable(network: Network) = onAvailable()
        }
        manager.registerDefaultNetworkCallback(callback)
        return AutoCloseable { manager.unregisterNetworkCallback(callback) }
    }
}
