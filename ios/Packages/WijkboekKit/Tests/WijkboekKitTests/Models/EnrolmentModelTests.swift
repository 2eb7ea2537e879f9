import Testing
import WijkboekKit

@MainActor
@Suite("Making the device somebody's")
struct EnrolmentModelTests {
    @Test("knows whose device it is")
    func knowsTheOwner() async {
        let model = EnrolmentModel(access: await FakeLog.with { $0.owner = .sample })
        await model.send(.appeared).value
        #expect(model.state.phase == .enrolled(.sample))
    }

    @Test("asks for an address and a code, and hands them over")
    func enrols() async {
        let log = FakeLog()
        let model = EnrolmentModel(access: log)
        await model.send(.appeared).value
        #expect(model.state.phase == .asking)
        await model.send(.enrolTapped(deviceName: "toestel")).value
        #expect(await log.enrolments.isEmpty)
        await model.send(.serverChanged("https://wijkboek.example")).value
        await model.send(.codeChanged("AB12")).value
        await model.send(.enrolTapped(deviceName: "toestel")).value
        #expect(await log.enrolments == ["https://wijkboek.example AB12 toestel"])
        #expect(model.state.phase == .enrolled(.sample))
        #expect(model.state.code.isEmpty)
    }

    @Test("keeps what was typed when the code is refused")
    func keepsWhatWasTyped() async {
        let model = EnrolmentModel(
            access: await FakeLog.with { $0.failures = [.enrol: .CodeRefused] }
        )
        await model.send(.appeared).value
        await model.send(.serverChanged("https://wijkboek.example")).value
        await model.send(.codeChanged("AB12")).value
        await model.send(.enrolTapped(deviceName: "toestel")).value
        #expect(model.state.phase == .asking)
        #expect(model.state.problem == .CodeRefused)
        #expect(model.state.code == "AB12")
        await model.send(.problemDismissed).value
        #expect(model.state.problem == nil)
    }
}
