import Foundation
import Security
import WijkboekKit

/// A secret in the keychain of this device.
///
/// Readable from the first time that the device is unlocked, so that an exchange in the background can
/// open the log; never in a backup and never on another device.
struct Keychain: SecretKeeping {
    /// Under which name it lies there.
    let account: String

    func read() throws -> Data? {
        var query = item
        query[kSecReturnData as String] = true
        query[kSecMatchLimit as String] = kSecMatchLimitOne
        var found: CFTypeRef?
        let status = SecItemCopyMatching(query as CFDictionary, &found)
        switch status {
        case errSecSuccess: return found as? Data
        case errSecItemNotFound: return nil
        default: throw KeychainFailure(status: status)
        }
    }

    func keep(_ secret: Data) throws {
        var attributes = item
        attributes[kSecValueData as String] = secret
        attributes[kSecAttrAccessible as String] =
            kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
        let status = SecItemAdd(attributes as CFDictionary, nil)
        guard status == errSecSuccess else { throw KeychainFailure(status: status) }
    }

    private var item: [String: Any] {
        [
            kSecClass as String: kSecClassGenericPassword,
            kSecAttrService as String: "nl.wijkboek.database",
            kSecAttrAccount as String: account,
        ]
    }
}

/// The keychain's own number for what went wrong.
struct KeychainFailure: Error {
    let status: OSStatus
}
