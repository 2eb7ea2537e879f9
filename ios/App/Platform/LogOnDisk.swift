import Foundation
import WijkboekKit

/// Where this app keeps its log.
enum LogOnDisk {
    /// Opens the one log of this installation, and makes it the first time.
    ///
    /// Its folder stays out of backups: a log that comes back on a second phone would write under
    /// the first one's name. What the office has confirmed is fetched again after enrolling.
    static func open() async throws(WijkboekError) -> any Logbook {
        let file: URL
        do {
            file = try folder().appendingPathComponent("wijkboek.db")
        } catch {
            throw .StorageFull
        }
        let key = try DatabaseKey(in: Keychain(account: "logboek")).open()
        return try await CoreLogbook.open(file.path, key: key)
    }

    private static func folder() throws -> URL {
        var folder = try FileManager.default
            .url(
                for: .applicationSupportDirectory,
                in: .userDomainMask,
                appropriateFor: nil,
                create: true
            )
            .appendingPathComponent("Wijkboek", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        try folder.setResourceValues(values)
        return folder
    }
}
