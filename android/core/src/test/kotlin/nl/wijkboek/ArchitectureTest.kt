package nl.wijkboek

import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.extension
import kotlin.io.path.readLines
import nl.wijkboek.testing.TestServer
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The bindings are imported in one module only; nothing else knows of the core. */
class ArchitectureTest {
    private val android: Path = TestServer.root.resolve("android")

    @Test
    fun `only the core module imports the bindings`() {
        val sources = sourcesOf("ui", "platform", "app")
        assertTrue(sources.size > 10, "looked at ${sources.size} files only")
        val offenders = sources.filter { file -> file.readLines().any { "nl.wijkboek.core" in it } }
        assertEquals(emptyList<Path>(), offenders)
    }

    private fun sourcesOf(vararg modules: String): List<Path> = modules.flatMap { module ->
        Files.walk(android.resolve(module).resolve("src")).use { files ->
            files.filter { it.extension == "kt" }.toList()
        }
    }
}
