import Foundation
import Testing

@testable import WijkboekKit

@Suite("The key of the log")
struct DatabaseKeyTests {
    @Test("It is made once, and the same ever after")
    func same() throws {
        let drawer = Drawer()
        let key = try DatabaseKey(in: drawer).open()
        #expect(key.count == 32)
        #expect(try DatabaseKey(in: drawer).open() == key)
        #expect(try DatabaseKey(in: Drawer()).open() != key)
    }

    @Test("A key that could not be kept is not used")
    func notKept() {
        #expect(throws: WijkboekError.StoreLocked) {
            try DatabaseKey(in: Drawer(keeps: false)).open()
        }
    }

    @Test("Before the first unlocking there is no key, and none is made")
    func locked() {
        let drawer = Drawer(reads: false)
        #expect(throws: WijkboekError.StoreLocked) { try DatabaseKey(in: drawer).open() }
        #expect(drawer.secret == nil)
    }

    @Test("What is no key is a lost one, and stays as it was")
    func noKey() {
        let drawer = Drawer()
        drawer.secret = Data([1, 2, 3])
        #expect(throws: WijkboekError.KeyLost) { try DatabaseKey(in: drawer).open() }
        #expect(drawer.secret == Data([1, 2, 3]))
    }

    @Test("A build without encryption says so, rather than writing in the clear")
    func withoutEncryption() async throws {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("\(UUID().uuidString).db").path
        await #expect(throws: WijkboekError.EncryptionUnavailable) {
            _ = try await CoreLogbook.open(file, key: Data(repeating: 7, count: 32))
        }
        #expect(!FileManager.default.fileExists(atPath: file))
    }
}

/// Where a secret lies during a test.
private final class Drawer: SecretKeeping, @unchecked Sendable {
    // Used by one test at a time, on its own thread.
    var secret: Data?
    private let reads: Bool
    private let keeps: Bool

    init(reads: Bool = true, keeps: Bool = true) {
        self.reads = reads
        self.keeps = keeps
    }

    func read() throws -> Data? {
        guard reads else { throw CocoaError(.fileReadNoPermission) }
        return secret
    }

    func keep(_ secret: Data) throws {
        guard keeps else { throw CocoaError(.fileWriteOutOfSpace) }
        self.secret = secret
    }
}
