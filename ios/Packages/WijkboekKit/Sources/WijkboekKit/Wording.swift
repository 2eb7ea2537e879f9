import Foundation

// What people read. The words of the domain and the reasons why something is refused are the core's;
// only the sentences of a screen are the app's, by their key in the String Catalog.

/// A sentence for the screen.
public enum Message: Equatable, Sendable {
    /// One of the app's, by its key.
    case key(String)
    /// One of the core's, in the language of the screen.
    case sentence(String)
    /// A fault of ours, with the number under which it was logged.
    case fault(String)
}

extension Lang {
    /// The language in which the app's own texts show.
    public static var ofScreen: Lang {
        Bundle.main.preferredLocalizations.first?.hasPrefix("en") == true ? .en : .nl
    }
}

extension Word {
    /// What people read for it. Empty only for a code inside the word that cannot be read.
    public func label(_ lang: Lang = .ofScreen) -> String {
        (try? WijkboekCore.label(word: self, lang: lang)) ?? ""
    }
}

extension ThemeView {
    /// Its name in a language.
    public func name(_ lang: Lang = .ofScreen) -> String {
        switch lang {
        case .nl: nameNl
        case .en: nameEn
        }
    }
}

extension ReferenceView {
    /// The name of an area, or its code while it has not arrived.
    public func name(of code: AreaCode) -> String {
        (buurten + wijken).first { $0.code == code }?.name ?? code.value
    }

    /// The name of a theme, or its id while it has not arrived.
    public func name(of theme: ThemeId, _ lang: Lang = .ofScreen) -> String {
        themes.first { $0.id == theme }?.name(lang) ?? theme.value
    }
}

extension WijkboekError {
    /// What a screen tells about it.
    public func message(_ lang: Lang = .ofScreen) -> Message {
        switch self {
        case .Offline: .key("error.offline")
        case .Unauthorized: .key("error.unauthorized")
        case .NotEnrolled: .key("error.not-enrolled")
        case .NotFound: .key("error.not-found")
        case .Exists: .key("error.exists")
        case .Invalid(let field, let rule):
            .sentence(invalidMessage(field: field, rule: rule, lang: lang))
        case .NotAllowed(let code), .ServerProblem(let code):
            .sentence(refusalMessage(code: code, lang: lang))
        case .OtherPerson: .key("error.other-person")
        case .CodeRefused: .key("error.code-refused")
        case .NewerDatabase: .key("error.newer-database")
        // Without its key a store is as good as damaged: set aside, and everything fetched again.
        case .Damaged, .KeyLost: .key("error.damaged")
        case .EncryptionUnavailable: .fault("encryption")
        case .AttachmentMissing: .fault("attachment")
        case .StoreLocked: .key("error.store-locked")
        case .StorageFull: .key("error.storage-full")
        case .RecordFull: .key("error.record-full")
        case .Internal(let reportId): .fault(reportId)
        }
    }
}
