import CoreLocation
import WijkboekKit

/// The device's own position, asked for when a contact is opened and at no other time.
struct DeviceLocation: LocationProviding {
    /// How long a position is waited for before the user is left to choose the buurt.
    private static let patience = Duration.seconds(10)
    /// Kept: the question for permission goes when its manager goes.
    @MainActor private static let manager = CLLocationManager()

    func current() async -> Place? {
        await withTaskGroup(of: Place?.self) { group in
            group.addTask { await Self.firstPosition() }
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    private static func firstPosition() async -> Place? {
        guard await mayAsk() else { return nil }
        do {
            for try await update in CLLocationUpdate.liveUpdates() {
                if let location = update.location { return Place(location) }
            }
        } catch {
            return nil
        }
        return nil
    }

    /// Asks for permission the first time. While the user is being asked there is no position yet;
    /// the updates begin by themselves once it is given.
    @MainActor
    private static func mayAsk() -> Bool {
        switch manager.authorizationStatus {
        case .notDetermined:
            manager.requestWhenInUseAuthorization()
            return true
        case .authorizedAlways, .authorizedWhenInUse:
            return true
        case .denied, .restricted:
            return false
        @unknown default:
            return false
        }
    }
}

extension Place {
    /// Nil for a position that the device calls invalid (a negative accuracy).
    init?(_ location: CLLocation) {
        let accuracy = location.horizontalAccuracy
        guard accuracy >= 0, accuracy < Double(UInt32.max) else { return nil }
        self.init(
            lon: location.coordinate.longitude,
            lat: location.coordinate.latitude,
            accuracyM: UInt32(accuracy.rounded(.up)),
            source: .gps
        )
    }
}
