package nl.wijkboek.platform

import android.Manifest
import android.app.Application
import android.location.Location
import android.location.LocationManager
import android.net.ConnectivityManager
import android.net.Network
import android.os.Looper
import java.io.File
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import nl.wijkboek.data.Position
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowNetwork

@RunWith(RobolectricTestRunner::class)
@Config(manifest = Config.NONE, sdk = [35])
class PlatformTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val app: Application get() = RuntimeEnvironment.getApplication()
    private val locations get() = app.getSystemService(LocationManager::class.java)!!
    private val sealed get() = File(folder.root, "database.key")

    @Before
    fun keystore() = FakeAndroidKeyStore.install()

    @Test
    fun withoutPermissionThereIsNoPosition() = runBlocking {
        val source = AndroidPositionSource(app)
        assertFalse(source.isPermitted)
        assertNull(source.current())
    }

    @Test
    fun theNextPositionIsGivenAndThenItIsQuiet() = runBlocking {
        shadowOf(app).grantPermissions(Manifest.permission.ACCESS_FINE_LOCATION)
        shadowOf(locations).setProviderEnabled(LocationManager.GPS_PROVIDER, true)
        val source = AndroidPositionSource(app)
        assertTrue(source.isPermitted)
        val waiting = async(start = CoroutineStart.UNDISPATCHED) { source.current() }
        shadowOf(locations).simulateLocation(slikkerveer())
        shadowOf(Looper.getMainLooper()).idle()
        assertEquals(Position(4.60266, 51.8861, 8), waiting.await())
        assertTrue(shadowOf(locations).getLocationRequests(LocationManager.GPS_PROVIDER).isEmpty())
    }

    @Test
    fun aPositionThatDoesNotComeIsNotWaitedForLong() = runBlocking {
        shadowOf(app).grantPermissions(Manifest.permission.ACCESS_FINE_LOCATION)
        shadowOf(locations).setProviderEnabled(LocationManager.GPS_PROVIDER, true)
        assertNull(AndroidPositionSource(app, patienceMs = 1).current())
        assertTrue(shadowOf(locations).getLocationRequests(LocationManager.GPS_PROVIDER).isEmpty())
    }

    @Test
    fun aRoughPermissionDoesNotAskTheSatellites() = runBlocking {
        shadowOf(app).grantPermissions(Manifest.permission.ACCESS_COARSE_LOCATION)
        shadowOf(locations).setProviderEnabled(LocationManager.GPS_PROVIDER, true)
        shadowOf(locations).setProviderEnabled(LocationManager.NETWORK_PROVIDER, false)
        assertNull(AndroidPositionSource(app).current())
    }

    @Test
    fun aNetworkThatComesIsToldUntilTheHandleIsClosed() {
        val networks = shadowOf(app.getSystemService(ConnectivityManager::class.java)!!)
        var told = 0
        val watch = AndroidNetworkWatch(app).watch { told++ }
        networks.networkCallbacks.forEach { it.onAvailable(network(7)) }
        assertEquals(1, told)
        watch.close()
        val later: List<ConnectivityManager.NetworkCallback> = networks.networkCallbacks.toList()
        later.forEach { it.onAvailable(network(8)) }
        assertEquals(1, told)
    }

    @Test
    fun theDatabaseKeyIsTheSameAfterARestart() {
        val key = DatabaseKey(sealed).open()
        assertEquals(32, key.size)
        assertArrayEquals(key, DatabaseKey(sealed).open())
    }

    @Test
    fun aLostKeyIsSaidToBeLost() {
        DatabaseKey(sealed).open()
        FakeAndroidKeyStore.install()
        assertThrows(KeyLostException::class.java) { DatabaseKey(sealed).open() }
    }

    @Test
    fun aDamagedSealIsNoKey() {
        DatabaseKey(sealed).open()
        sealed.writeBytes(sealed.readBytes().also { it[20] = (it[20] + 1).toByte() })
        assertThrows(KeyLostException::class.java) { DatabaseKey(sealed).open() }
        sealed.writeBytes(ByteArray(3))
        assertThrows(KeyLostException::class.java) { DatabaseKey(sealed).open() }
    }

    @Test
    fun aDestroyedKeyNeverComesBack() {
        val key = DatabaseKey(sealed)
        val before = key.open()
        key.destroy()
        assertFalse(sealed.exists())
        assertFalse(before.contentEquals(key.open()))
    }

    private fun network(id: Int): Network = ShadowNetwork.newInstance(id)

    private fun slikkerveer() = Location(LocationManager.GPS_PROVIDER).apply {
        longitude = 4.60266
        latitude = 51.8861
        accuracy = 7.5f
        time = 1
        elapsedRealtimeNanos = 1
    }
}
