package nl.wijkboek.app

import android.app.Application
import java.io.File
import java.io.IOException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import nl.wijkboek.data.Logbook
import nl.wijkboek.data.LogbookException
import nl.wijkboek.data.RustLogbook
import nl.wijkboek.platform.AndroidNetworkWatch
import nl.wijkboek.platform.DatabaseKey
import nl.wijkboek.platform.KeyLostException

/** Holds the one logbook of this device, for as long as the process lives. */
class WijkboekApplication : Application() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.IO)
    private var opening: Deferred<Logbook>? = null

    override fun onCreate() {
        super.onCreate()
        AndroidNetworkWatch(this).watch { SyncWorker.schedule(this) }
        SyncWorker.schedule(this)
    }

    /**
     * The logbook, opened the first time it is asked for.
     *
     * @throws LogbookException when it cannot be opened; asking again tries again.
     */
    suspend fun logbook(): Logbook = synchronized(this) {
        opening?.takeUnless { it.isCancelled } ?: scope.async { open() }.also { opening = it }
    }.await()

    // Neither file goes into a backup: a log that comes back on a second phone would write under the
    // first one's name, and its key opens nothing there.
    private fun open(): Logbook = RustLogbook.open(File(noBackupFilesDir, "logboek.db"), databaseKey())

    private fun databaseKey(): ByteArray = try {
        DatabaseKey(File(noBackupFilesDir, "logboek.key")).open()
    } catch (lost: KeyLostException) {
        throw LogbookException.Damaged(lost)
    } catch (full: IOException) {
        throw LogbookException.StorageFull(full)
    }
}
