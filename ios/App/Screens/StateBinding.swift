import SwiftUI

extension Binding where Value: Sendable {
    /// Shows a value of the state; what the user makes of it goes to the model as an event.
    ///
    /// SwiftUI writes bindings on the main thread, whichever way its version declares the closures.
    @MainActor
    init(_ value: Value, onChange: @escaping @MainActor (Value) -> Void) {
        self.init(
            get: { value },
            set: { changed in MainActor.assumeIsolated { onChange(changed) } }
        )
    }
}
