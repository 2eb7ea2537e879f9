import Foundation

/// The real sync server as a process of its own, on a loopback port and a data folder of the test.
///
/// It runs under a shell that ends it as soon as the shell's input closes, so that it never outlives
/// the tests, however they end.
final class ServerProcess {
    enum Failure: Error {
        case notBuilt(String)
        case notStarted(firstLine: String, log: String)
        case refused(arguments: [String], status: Int32, message: String)
    }

    let url: String
    private let process: Process
    private let lifeline: FileHandle

    /// Starts it on the data folder; port 0 takes a free one.
    static func start(
        data: URL,
        port: Int,
        isolation: isolated (any Actor)? = #isolation
    ) async throws -> ServerProcess {
        let log = data.appendingPathComponent("server.log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", "\"$@\" & server=$!; read -r _; kill \"$server\"; wait \"$server\"", "sh",
            try executable(), "--data", data.path, "serve", "--listen", "127.0.0.1:\(port)",
        ]
        process.standardError = try FileHandle(forWritingTo: log)
        let (lifeline, output) = try run(process)
        let line = await firstLine(of: output)
        guard let found = line.range(of: "http://127.0.0.1:[0-9]+", options: .regularExpression)
        else {
            try? lifeline.close()
            process.waitUntilExit()
            let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            throw Failure.notStarted(firstLine: line, log: text)
        }
        return ServerProcess(url: String(line[found]), process: process, lifeline: lifeline)
    }

    private init(url: String, process: Process, lifeline: FileHandle) {
        self.url = url
        self.process = process
        self.lifeline = lifeline
    }

    var port: Int {
        url.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }

    /// Ends it and waits until it is gone and its port free.
    func stop() {
        try? lifeline.close()
        process.waitUntilExit()
    }

    /// What an administrator's command answers, as far as the tests read it.
    struct Answer: Decodable {
        var id: String?
        var code: String?
    }

    /// Runs an administrator's command and reads the one JSON object that it prints.
    static func administer(data: URL, _ arguments: [String]) throws -> Answer {
        let process = Process()
        let errors = Pipe()
        process.executableURL = URL(fileURLWithPath: try executable())
        process.arguments = ["--data", data.path, "--json"] + arguments
        process.standardError = errors
        let (input, output) = try run(process)
        try input.close()
        let answer = output.readDataToEndOfFile()
        let message = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure.refused(
                arguments: arguments,
                status: process.terminationStatus,
                message: String(decoding: message, as: UTF8.self)
            )
        }
        return try JSONDecoder().decode(Answer.self, from: answer)
    }

    /// Starts a process and gives the far ends of its input and output.
    ///
    /// One at a time, and no process inherits the ends that belong to another: an input that somebody
    /// else holds open would never close.
    private static func run(_ process: Process) throws -> (input: FileHandle, output: FileHandle) {
        try starting.withLock {
            let (input, output) = (Pipe(), Pipe())
            for end in [input.fileHandleForWriting, output.fileHandleForReading] {
                _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
            }
            process.standardInput = input
            process.standardOutput = output
            // The threads of Swift's pool block signals, and a process inherits that: unblocked, or
            // nothing but force would end it.
            var (all, before) = (sigset_t(), sigset_t())
            sigfillset(&all)
            pthread_sigmask(SIG_UNBLOCK, &all, &before)
            defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
            try process.run()
            return (input.fileHandleForWriting, output.fileHandleForReading)
        }
    }

    private static let starting = NSLock()

    /// The binary that cargo built; scripts/test-ios.sh names it.
    private static func executable() throws -> String {
        let path = ProcessInfo.processInfo.environment["WIJKBOEK_SERVER"] ?? ""
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Failure.notBuilt(
                "WIJKBOEK_SERVER names no server binary: run scripts/test-ios.sh"
            )
        }
        return path
    }

    /// Reads up to the first line break, on a thread that may block.
    private static func firstLine(of handle: FileHandle) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var line = Data()
                while !line.contains(UInt8(ascii: "\n")) {
                    let more = handle.availableData
                    if more.isEmpty { break }
                    line.append(more)
                }
                continuation.resume(returning: String(decoding: line, as: UTF8.self))
            }
        }
    }
}
