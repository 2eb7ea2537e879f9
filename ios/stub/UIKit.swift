// The part of UIKit that the app uses, for type-checking only (see SwiftUI.swift).

@MainActor
public final class UIDevice {
    public static let current = UIDevice()
    public var name: String { "" }
}
