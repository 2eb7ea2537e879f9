// The part of CoreLocation that the app uses, for type-checking only (see SwiftUI.swift).

@_exported import Foundation

public struct CLLocationCoordinate2D: Sendable {
    public var latitude: Double
    public var longitude: Double
}

public final class CLLocation: Sendable {
    public var coordinate: CLLocationCoordinate2D { fatalError("type-checking only") }
    public var horizontalAccuracy: Double { 0 }
    public var timestamp: Date { Date() }
}

public enum CLAuthorizationStatus: Sendable {
    case notDetermined
    case restricted
    case denied
    case authorizedAlways
    case authorizedWhenInUse
}

public final class CLLocationManager {
    public init() {}
    public var authorizationStatus: CLAuthorizationStatus { .notDetermined }
    public func requestWhenInUseAuthorization() {}
}

public struct CLLocationUpdate: Sendable {
    public let location: CLLocation?

    public struct Updates: AsyncSequence, Sendable {
        public typealias Element = CLLocationUpdate
        public struct Iterator: AsyncIteratorProtocol {
            public mutating func next() async throws -> CLLocationUpdate? { nil }
        }
        public func makeAsyncIterator() -> Iterator { Iterator() }
    }

    public static func liveUpdates() -> Updates { Updates() }
}
