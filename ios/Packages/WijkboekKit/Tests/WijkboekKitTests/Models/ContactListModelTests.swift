import Testing
import WijkboekKit

@MainActor
@Suite("The list of contacts", .timeLimit(.minutes(1)))
struct ContactListModelTests {
    @Test("shows the log, its names and its state as soon as it runs")
    func showsTheLog() async {
        let log = await FakeLog.with {
            $0.rows = [.sample(2), .sample(1)]
            $0.names = .sample
        }
        let model = ContactListModel(log: log)
        await running(model, on: log) {}
        #expect(model.state.phase == .loaded)
        #expect(model.state.rows.map(\.id) == [.sample(2), .sample(1)])
        #expect(model.state.status == .quiet)
        #expect(model.state.reference?.name(of: AreaCode.bolnes) == "Bolnes")
    }

    @Test("reads on at the end, page after page, until nothing is left")
    func readsOn() async {
        let log = await FakeLog.with { $0.rows = (1...120).map { .sample($0) } }
        let model = ContactListModel(log: log)
        await model.send(.refreshed).value
        #expect(model.state.rows.count == 50)
        await model.send(.endReached).value
        await model.send(.endReached).value
        #expect(model.state.rows.map(\.id) == (1...120).map { .sample($0) })
        #expect(model.state.next == nil)
        await model.send(.endReached).value
        #expect(model.state.rows.count == 120)
    }

    @Test("keeps its length when news comes in")
    func keepsItsLength() async {
        let log = await FakeLog.with { $0.rows = (1...120).map { .sample($0) } }
        let model = ContactListModel(log: log)
        await running(model, on: log) {
            await model.send(.endReached).value
            await log.arrange { $0.rows.insert(.sample(900), at: 0) }
            await log.tell(.records(.these(ids: [.sample(900)])))
        }
        #expect(model.state.rows.count == 100)
        #expect(model.state.rows.first?.id == .sample(900))
    }

    @Test("reads the log and its names again only when they changed")
    func readsAgainWhenNeeded() async {
        let log = FakeLog()
        let model = ContactListModel(log: log)
        await running(model, on: log) {
            await log.tell(.nothingNew(.unreachable))
            await log.tell(.records(.many))
            await log.arrange { $0.names = .sample }
            await log.tell(.referenceArrived)
        }
        #expect(await log.filters.count == 2)
        #expect(model.state.reference == .sample)
    }

    @Test("asks the core to search and to filter, and for everything when nothing is typed")
    func asksTheCore() async {
        let log = await FakeLog.with {
            $0.rows = [.sample(1, text: "café"), .sample(2, kind: .klacht, text: "café dicht")]
        }
        let model = ContactListModel(log: log)
        await model.send(.searchChanged("café")).value
        #expect(model.state.rows.count == 2)
        await model.send(.kindChosen(.klacht)).value
        #expect(model.state.rows.map(\.id) == [.sample(2)])
        #expect(model.state.isNarrowed)
        await model.send(.searchChanged("")).value
        let last = await log.filters.last
        #expect(last == FilterRequest(kind: .klacht))
    }

    @Test("drops the answer to an older search that comes in late")
    func dropsLateAnswers() async {
        let gate = Gate()
        let log = await FakeLog.with {
            $0.rows = [.sample(1, text: "boom"), .sample(2, text: "bank")]
            $0.beforeList = { if $0 == "boom" { await gate.pass() } }
        }
        let model = ContactListModel(log: log)
        let older = model.send(.searchChanged("boom"))
        await model.send(.searchChanged("bank")).value
        await gate.open()
        await older.value
        #expect(model.state.rows.map(\.id) == [.sample(2)])
    }

    @Test("says that the log cannot be read, and shows it again when it can")
    func saysWhatFails() async {
        let log = await FakeLog.with {
            $0.rows = [.sample(1)]
            $0.failures = [.list: .Damaged]
        }
        let model = ContactListModel(log: log)
        await model.send(.searchChanged("x")).value
        #expect(model.state.phase == .failed(.Damaged))
        await log.arrange { $0.failures = [:] }
        await model.send(.searchChanged("")).value
        #expect(model.state.phase == .loaded)
        #expect(model.state.rows.count == 1)
    }

    @Test("says that it cannot follow the log, and shows the rows all the same")
    func saysThatItCannotFollow() async {
        let log = await FakeLog.with {
            $0.rows = [.sample(1)]
            $0.failures = [.events: .Internal(reportId: "ab12")]
        }
        let model = ContactListModel(log: log)
        await model.run()
        #expect(model.state.problem == .Internal(reportId: "ab12"))
        #expect(model.state.rows.count == 1)
        await model.send(.problemDismissed).value
        #expect(model.state.problem == nil)
    }

    @Test("keeps the rows when the office is not reached")
    func keepsRowsOffline() async {
        let log = await FakeLog.with { $0.rows = [.sample(1)] }
        let model = ContactListModel(log: log)
        await running(model, on: log) {
            await log.arrange { $0.failures = [.sync: .Offline] }
            await model.send(.refreshed).value
            await log.tell(.nothingNew(.unreachable))
        }
        #expect(model.state.problem == .Offline)
        #expect(model.state.status == .unreachable)
        #expect(model.state.rows.count == 1)
    }

    @Test("lets go of the log when the screen goes")
    func letsGo() async {
        let log = FakeLog()
        let model = ContactListModel(log: log)
        let screen = Task { await model.run() }
        await until { await log.isFollowed }
        screen.cancel()
        await screen.value
        await until { await !log.isFollowed }
    }

    /// Runs the model as a screen does, while `work` happens, until it has taken every event.
    private func running(
        _ model: ContactListModel,
        on log: FakeLog,
        _ work: () async -> Void
    ) async {
        let screen = Task { await model.run() }
        await until { await log.isFollowed }
        await work()
        await log.close()
        await screen.value
    }

    /// Lets others work until the condition holds, or the test's time is over.
    private func until(_ condition: () async -> Bool) async {
        while await !condition(), !Task.isCancelled { await Task.yield() }
    }
}
