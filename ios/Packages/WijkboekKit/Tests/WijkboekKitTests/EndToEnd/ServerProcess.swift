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
    private let lifeline: Pipe

    /// Starts it on the data folder; port 0 takes a free one.
    static func start(data: URL, port: Int = 0) async throws -> ServerProcess {
        let log = data.appendingPathComponent("server.log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = Pipe()
        let lifeline = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", "\"$@\" & server=$!; read -r _; kill \"$server\"; wait \"$server\"", "sh",
            try executable(), "--data", data.path, "serve", "--listen", "127.0.0.1:\(port)",
        ]
        process.standardInput = lifeline
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: log)
        try process.run()
        let line = await firstLine(of: output.fileHandleForReading)
        guard let found = line.range(of: "http://127.0.0.1:[0-9]+", options: .regularExpression)
        else {
            try? lifeline.fileHandleForWriting.close()
            process.waitUntilExit()
            let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            throw Failure.notStarted(firstLine: line, log: text)
        }
        return ServerProcess(url: String(line[found]), process: process, lifeline: lifeline)
    }

    private init(url: String, process: Process, lifeline: Pipe) {
        self.url = url
        self.process = process
        self.lifeline = lifeline
    }

    var port: Int {
        url.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }

    /// Ends it and waits until it is gone and its port free.
    func stop() {
        try? lifeline.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Runs an administrator's command and reads the one JSON object that it prints.
    static func administer(data: URL, _ arguments: [String]) throws -> [String: Any] {
        let process = Process()
        let output = Pipe()
        let errors = Pipe()
        process.executableURL = URL(fileURLWithPath: try executable())
        process.arguments = ["--data", data.path, "--json"] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        let message = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0,
            let object = try JSONSerialization.jsonObject(with: answer) as? [String: Any]
        else {
            throw Failure.refused(
                arguments: arguments,
                status: process.terminationStatus,
                message: String(decoding: message, as: UTF8.self)
            )
        }
        return object
    }

    /// The binary that cargo built; scripts/test-ios.sh names it.
    private static func executable() throws -> String {
        let path = ProcessInfo.processInfo.environment["WIJKBOEK_SERVER"] ?? ""
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Failure.notBuilt("WIJKBOEK_SERVER names no server binary: run scripts/test-ios.sh")
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
