package nl.wijkboek.app

import android.content.Context
import androidx.work.Constraints
import androidx.work.CoroutineWorker
import androidx.work.ExistingWorkPolicy
import androidx.work.NetworkType
import androidx.work.OneTimeWorkRequestBuilder
import androidx.work.WorkManager
import androidx.work.WorkerParameters
import nl.wijkboek.data.LogbookException

/** Sends what waits while nobody looks at the app, as soon as there is a network. */
class SyncWorker(context: Context, parameters: WorkerParameters) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result {
        val application = applicationContext as WijkboekApplication
        return try {
            val logbook = application.logbook()
            logbook.wake()
            logbook.sync()
            Result.success()
        } catch (_: LogbookException.Offline) {
            Result.retry()
        } catch (_: LogbookException) {
            // Somebody has to do something first; the screens say what.
            Result.failure()
        }
    }

    companion object {
        private const val NAME = "sync"

        fun schedule(context: Context) {
            val request = OneTimeWorkRequestBuilder<SyncWorker>()
                .setConstraints(Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).build())
                .build()
            WorkManager.getInstance(context).enqueueUniqueWork(NAME, ExistingWorkPolicy.KEEP, request)
        }
    }
}
