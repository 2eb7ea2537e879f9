package nl.wijkboek.testing

import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import nl.wijkboek.core.EventView
import nl.wijkboek.core.Observer

/** Keeps what an observer is told. */
class Events : Observer {
    private val events = LinkedBlockingQueue<EventView>()

    override fun onEvent(event: EventView) {
        events.put(event)
    }

    /** The next event that is meant, however many others come first. */
    fun await(meant: (EventView) -> Boolean): EventView {
        val until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20)
        while (true) {
            val left = until - System.nanoTime()
            val event = events.poll(left, TimeUnit.NANOSECONDS) ?: error("the event did not come")
            if (meant(event)) return event
        }
    }

    /** True when nothing was told in the meantime. */
    fun isEmpty(): Boolean = events.isEmpty()
}
