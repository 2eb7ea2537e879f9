import Testing
import WijkboekKit

@MainActor
@Suite("Opening the log")
struct LaunchModelTests {
    @Test("exchanges with the office while the app is in front and the device is somebody's")
    func exchangesInFront() async {
        let log = await FakeLog.with { $0.owner = .sample }
        let model = LaunchModel { () throws(WijkboekError) in log }
        await model.send(.becameActive).value
        await model.send(.openAsked).value
        await model.send(.leftScreen).value
        await model.send(.becameActive).value
        #expect(await log.exchanges == ["start", "stop", "start"])
    }

    @Test("waits with exchanging until the device is somebody's")
    func waitsForAnOwner() async {
        let log = FakeLog()
        let model = LaunchModel { () throws(WijkboekError) in log }
        await model.send(.becameActive).value
        await model.send(.openAsked).value
        #expect(await log.exchanges == ["stop"])
        await log.arrange { $0.owner = .sample }
        await model.send(.enrolled).value
        #expect(await log.exchanges == ["stop", "start"])
    }

    @Test("says why the log cannot be opened, and tries again when asked")
    func triesAgain() async {
        let log = FakeLog()
        let opener = Opener(log: log)
        let model = LaunchModel { () throws(WijkboekError) in try await opener.open() }
        await model.send(.openAsked).value
        guard case .failed(.NewerDatabase) = model.state else {
            Issue.record("not failed: \(model.state)")
            return
        }
        await model.send(.openAsked).value
        guard case .open = model.state else {
            Issue.record("not open: \(model.state)")
            return
        }
        await model.send(.openAsked).value
        #expect(await opener.count == 2)
    }

    @Test("says why it does not exchange")
    func saysWhyNot() async {
        let log = await FakeLog.with {
            $0.owner = .sample
            $0.failures = [.start: .Unauthorized]
        }
        let model = LaunchModel { () throws(WijkboekError) in log }
        await model.send(.becameActive).value
        await model.send(.openAsked).value
        #expect(model.problem == .Unauthorized)
    }
}

/// Fails the first time.
private actor Opener {
    private let log: FakeLog
    private(set) var count = 0

    init(log: FakeLog) {
        self.log = log
    }

    func open() throws(WijkboekError) -> FakeLog {
        count += 1
        if count == 1 { throw .NewerDatabase }
        return log
    }
}
