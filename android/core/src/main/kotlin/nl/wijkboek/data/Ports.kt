package nl.wijkboek.data

/** Where this device is; the platform's or a fake. */
fun interface PositionSource {
    /** The position now, or `null` when it is not permitted, switched off or not found in time. */
    suspend fun current(): Position?
}

/** Tells when a network becomes available. */
fun interface NetworkWatch {
    /** Calls [onAvailable] each time; closing the handle ends it. */
    fun watch(onAvailable: () -> Unit): AutoCloseable
}
