import Foundation
import WijkboekKit

/// Ridderkerk for one test: a folder, a server on it that comes and goes, accounts, and phones with
/// a log file each. Everything is gone when it is gone.
final class Town {
    enum Failure: Error {
        case noSources
        case notAnswered
    }

    private let folder: URL
    private let data: URL
    private var server: ServerProcess?
    /// Kept over restarts: the phones know the server by it.
    private var port = 0

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("wijkboek-ios-\(UUID().uuidString)", isDirectory: true)
        data = folder.appendingPathComponent("server", isDirectory: true)
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        let sources = try Town.sources()
        _ = try ServerProcess.administer(
            data: data,
            [
                "areas", "import", sources.appendingPathComponent("wijken.geojson").path,
                "--themes", sources.appendingPathComponent("themas.json").path,
            ]
        )
    }

    deinit {
        server?.stop()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Opens the office; the address stays the same each time.
    @discardableResult
    func open(isolation: isolated (any Actor)? = #isolation) async throws -> String {
        let server = try await ServerProcess.start(data: data, port: port)
        port = server.port
        self.server = server
        return server.url
    }

    /// Closes the office: nothing answers at its address.
    func close() {
        server?.stop()
        server = nil
    }

    /// A one-time code for a new account.
    func code(for name: String, role: String = "wijkregisseur", wijk: String) throws -> String {
        let user = try ServerProcess.administer(
            data: data,
            ["user", "add", "--name", name, "--role", role, "--wijk", wijk]
        )
        guard let id = user.id,
            let code = try ServerProcess.administer(data: data, ["invite", id]).code
        else { throw Failure.notAnswered }
        return code
    }

    /// Where a phone keeps its log.
    func file(of phone: String) -> String {
        folder.appendingPathComponent("\(phone).db").path
    }

    /// A phone that is somebody's and has exchanged once, by the generated bindings.
    func phone(
        _ name: String,
        role: String = "wijkregisseur",
        wijk: String = Town.slikkerveer,
        isolation: isolated (any Actor)? = #isolation
    ) async throws -> Wijkboek {
        let phone = try Wijkboek.open(path: file(of: name))
        let address = server?.url ?? ""
        let code = try code(for: name, role: role, wijk: wijk)
        _ = try await phone.enrol(serverUrl: address, code: code, deviceName: "toestel van \(name)")
        _ = try await phone.sync()
        return phone
    }

    /// The wijk that most tests happen in.
    static let slikkerveer = "WK059706"

    /// The example areas and themes of the project.
    private static func sources() throws -> URL {
        guard let root = ProcessInfo.processInfo.environment["WIJKBOEK_ROOT"] else {
            throw Failure.noSources
        }
        return URL(fileURLWithPath: root).appendingPathComponent("data/ridderkerk")
    }
}
