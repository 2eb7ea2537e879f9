import Foundation

/// Where a secret of this device is kept: the keychain, or a test's own.
public protocol SecretKeeping: Sendable {
    /// The secret; nil when none was ever kept.
    func read() throws -> Data?
    /// Keeps it durably. Only called while there is none.
    func keep(_ secret: Data) throws
}

/// The raw 32-byte key that the log of this device is encrypted with; made the first time.
///
/// Raw bytes rather than a passphrase: deriving a key costs 110 ms at each start.
public struct DatabaseKey: Sendable {
    private let keeper: any SecretKeeping

    /// The key that is kept here.
    public init(in keeper: any SecretKeeping) {
        self.keeper = keeper
    }

    /// The key.
    ///
    /// Throws `.StoreLocked` while the device has not been unlocked since it started, or when a fresh
    /// key could not be kept: nothing is encrypted with a key that would be gone tomorrow. Throws
    /// `.KeyLost` for a secret that is no key. That a log was encrypted with another key than this one
    /// the core says itself.
    public func open() throws(WijkboekError) -> Data {
        let kept: Data?
        do {
            kept = try keeper.read()
        } catch {
            throw .StoreLocked
        }
        guard let kept else { return try make() }
        guard kept.count == Self.length else { throw .KeyLost }
        return kept
    }

    private func make() throws(WijkboekError) -> Data {
        // The system's generator is a cryptographic one on every platform that this runs on.
        let key = Data((0..<Self.length).map { _ in UInt8.random(in: .min ... .max) })
        do {
            try keeper.keep(key)
        } catch {
            throw .StoreLocked
        }
        return key
    }

    private static let length = 32
}
