package nl.wijkboek.testing

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/**
 * The real server binary with Ridderkerk's areas, on a free port of this machine, in a folder of
 * its own. Closing it stops the process.
 */
class TestServer : AutoCloseable {
    private val data: Path = Files.createTempDirectory("wijkboek-server")
    private val log: Path = data.resolve("server.log")
    private var process: Process? = null
    private var port = 0

    /** Where it listens. */
    val url: String get() = "http://127.0.0.1:$port"

    init {
        val areas = root.resolve("data/ridderkerk")
        cli(
            "areas", "import", areas.resolve("wijken.geojson").toString(),
            "--teams", areas.resolve("wijken-teams.csv").toString(),
            "--themes", areas.resolve("themas.json").toString(),
            "--municipality", "GM0597",
        )
    }

    /** Starts it: on a free port the first time, on the same one after that. */
    fun start() {
        check(process == null) { "the server runs already" }
        val started = ProcessBuilder(binary, "--data", data.toString(), "serve", "--listen", "127.0.0.1:$port")
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start()
        process = started
        val first = started.inputReader().readLine() ?: error("the server ended at once: ${Files.readString(log)}")
        port = first.substringAfterLast(':').trim().toInt()
    }

    /** Stops it and waits until it is gone. */
    fun stop() {
        val running = process ?: return
        process = null
        running.destroy()
        if (!running.waitFor(20, TimeUnit.SECONDS)) running.destroyForcibly().waitFor()
    }

    /** Makes an account and a one-time code for it. */
    fun invite(name: String, role: String, vararg wijken: String): String {
        val user = cli("user", "add", "--name", name, "--role", role, *wijken.flatMap { listOf("--wijk", it) }.toTypedArray())
        return cli("invite", user.getValue("id")).getValue("code")
    }

    private fun cli(vararg arguments: String): Map<String, String> {
        val done = ProcessBuilder(binary, "--data", data.toString(), "--json", *arguments)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start()
        val answer = done.inputReader().readText()
        check(done.waitFor() == 0) { "${arguments.toList()} failed: $answer ${Files.readString(log)}" }
        return Json.parseToJsonElement(answer).jsonObject.mapValues { it.value.jsonPrimitive.content }
    }

    override fun close() {
        stop()
        data.toFile().deleteRecursively()
    }

    companion object {
        private val binary: String = System.getProperty("wijkboek.server")

        /** The repository. */
        val root: Path = Path.of(System.getProperty("wijkboek.root")).normalize()
    }
}
