import Foundation
import Testing
import WijkboekKit

/// Every text that a screen asks for stands in the String Catalog, in both languages, and nothing
/// stands there that no screen asks for.
@Suite("The texts of the screens")
struct StringCatalogTests {
    @Test("are all there")
    func areAllThere() throws {
        #expect(try StringCatalog.missing().isEmpty)
    }

    @Test("are all used")
    func areAllUsed() throws {
        let used = try AppSources.keys()
        #expect(used.count > 40)
        #expect(Set(try StringCatalog.app().strings.keys).subtracting(used).isEmpty)
    }

    @Test("are in Dutch and in English, with the same places to fill in", arguments: ["nl", "en"])
    func areInBothLanguages(_ language: String) throws {
        for (key, entry) in try StringCatalog.app().strings {
            let texts = entry.localizations[language]?.texts ?? []
            #expect(!texts.isEmpty && texts.allSatisfy { !$0.isEmpty }, "\(key) in \(language)")
            let filled = key.split(separator: " ").dropFirst()
            #expect(filled.allSatisfy { texts.last?.contains($0) == true }, "\(key) in \(language)")
        }
    }

    @Test(
        "tell what is wrong, whatever it is",
        arguments: [
            WijkboekError.Offline, .Unauthorized, .NotEnrolled, .NotFound(id: .sample(1)),
            .Exists(id: .sample(1)), .Invalid(field: "note", rule: .tooLong(max: 20_000)),
            .NotAllowed(code: "not-visible"), .OtherPerson, .CodeRefused, .NewerDatabase, .Damaged,
            .StoreLocked, .StorageFull, .RecordFull, .ServerProblem(code: "overloaded"),
            .Internal(reportId: "ab12"), .KeyLost, .EncryptionUnavailable, .AttachmentMissing,
        ]
    )
    func tellWhatIsWrong(_ error: WijkboekError) throws {
        switch error.message(.nl) {
        case .key(let key):
            #expect(try StringCatalog.app().strings.keys.contains(key))
        case .sentence(let dutch):
            #expect(!dutch.isEmpty)
            #expect(error.message(.en) != .sentence(dutch))
        case .fault(let reportId):
            #expect(["ab12", "encryption", "attachment"].contains(reportId))
        }
    }

    @Test("name every type of record with a word of its own", arguments: [Lang.nl, .en])
    func nameEveryType(_ lang: Lang) {
        let names = RecordType.allCases.map { Word.recordType(value: $0).label(lang) }
        #expect(names.allSatisfy { !$0.isEmpty })
        #expect(Set(names).count == names.count)
        #expect(names.contains(lang == .nl ? "Overleg" : "Meeting"))
    }

    @Test("use the core's words for kinds and ages")
    func useTheCoresWords() {
        #expect(ContactKind.allCases.map { Word.kind(value: $0).label(.en) }.contains("Complaint"))
        #expect(Word.kind(value: .klacht).label(.nl) == "Klacht")
        #expect(AgeGroup.allCases.allSatisfy { !Word.ageGroup(value: $0).label(.nl).isEmpty })
    }
}

/// The catalog as Xcode writes it.
private struct StringCatalog: Decodable {
    struct Entry: Decodable { var localizations: [String: Localization] }
    struct Unit: Decodable { var value: String }
    struct Localization: Decodable {
        struct Variations: Decodable { var plural: [String: Form] }
        struct Form: Decodable { var stringUnit: Unit }
        var stringUnit: Unit?
        var variations: Variations?

        /// The text, or its forms for one and for more.
        var texts: [String] {
            if let stringUnit { return [stringUnit.value] }
            return ["one", "other"].compactMap { variations?.plural[$0]?.stringUnit.value }
        }
    }

    var sourceLanguage: String
    var strings: [String: Entry]

    static func app() throws -> StringCatalog {
        let file = AppSources.folder.appendingPathComponent("Localizable.xcstrings")
        return try JSONDecoder().decode(StringCatalog.self, from: Data(contentsOf: file))
    }

    static func missing() throws -> Set<String> {
        try AppSources.keys().subtracting(app().strings.keys)
    }
}

/// The app's own sources, read as text: SwiftUI looks texts up by their key only when it runs.
private enum AppSources {
    /// ios/App, seen from this file.
    static let folder = ios.appendingPathComponent("App")
    private static let kit = ios.appendingPathComponent("Packages/WijkboekKit/Sources")
    private static let ios = (0..<6).reduce(URL(fileURLWithPath: #filePath)) { path, _ in
        path.deletingLastPathComponent()
    }

    /// Screens whose names begin the keys.
    private static let screens = [
        "capture", "delivery", "enrolment", "error", "launch", "list", "problem", "row", "status",
    ]

    static func keys() throws -> Set<String> {
        let pattern = try NSRegularExpression(
            pattern: "\"((?:\(screens.joined(separator: "|")))\\.[a-z-]+)( \\\\\\((Int\\()?)?"
        )
        var keys: Set<String> = []
        for file in try swiftFiles(in: folder) + swiftFiles(in: kit) {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in pattern.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
                let part = { (group: Int) in
                    Range(match.range(at: group), in: text).map { String(text[$0]) }
                }
                let place = part(2) == nil ? "" : part(3) == nil ? " %@" : " %lld"
                keys.insert((part(1) ?? "") + place)
            }
        }
        return keys
    }

    private static func swiftFiles(in folder: URL) throws -> [URL] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
    }
}
