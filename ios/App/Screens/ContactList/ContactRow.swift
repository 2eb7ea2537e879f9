import SwiftUI
import WijkboekKit

/// One contact in the list: what was said, where, when and how far it has got.
struct ContactRow: View {
    let row: RowView
    let reference: ReferenceView?

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            HStack(alignment: .firstTextBaseline) {
                if let title { Text(verbatim: title).font(.headline) }
                Spacer()
                Text(row.occurredAt, format: .dateTime.day().month().hour().minute())
                    .font(.caption)
                    .foregroundStyle(.secondary)
            }
            if !row.text.isEmpty {
                Text(verbatim: row.text).lineLimit(2)
            }
            Text(verbatim: whereAndWhat).font(.caption).foregroundStyle(.secondary)
            DeliveryLabel(delivery: row.delivery)
            if row.conflicts > 0 {
                Label("row.conflict", systemImage: "arrow.triangle.branch").font(.caption)
            }
            if !row.readable {
                Label("row.newer", systemImage: "arrow.up.circle").font(.caption)
            }
        }
        .accessibilityElement(children: .combine)
    }

    /// Its kind, or its type for what has none.
    private var title: String? {
        if let kind = row.kind { return Word.kind(value: kind).label() }
        return row.recordType.map { Word.recordType(value: $0).label() }
    }

    private var whereAndWhat: String {
        let buurt = row.buurt.map { reference?.name(of: $0) ?? $0.value }
        let themes = row.themes.map { reference?.name(of: $0) ?? $0.value }
        return ([buurt].compactMap { $0 } + themes).joined(separator: " · ")
    }
}

/// How far a record has got on its way to the office.
struct DeliveryLabel: View {
    let delivery: Delivery

    var body: some View {
        label.font(.caption)
    }

    @ViewBuilder private var label: some View {
        switch delivery {
        case .onDevice: Label("delivery.on-device", systemImage: "iphone")
        case .sent: Label("delivery.sent", systemImage: "arrow.up")
        case .atOffice: Label("delivery.at-office", systemImage: "checkmark")
        case .refused:
            Label("delivery.refused", systemImage: "exclamationmark.triangle").foregroundStyle(.red)
        }
    }
}

/// How things stand between this device and the office.
struct ExchangeBar: View {
    let status: StatusView

    var body: some View {
        VStack(spacing: 2) {
            phase
            if status.unsent > 0 { Text("status.unsent \(Int(status.unsent))") }
            if status.refused > 0 {
                Text("status.refused \(Int(status.refused))").foregroundStyle(.red)
            }
            if let last = status.lastSuccess {
                Text("status.last \(last.formatted(date: .abbreviated, time: .shortened))")
            }
        }
        .font(.footnote)
        .padding(.vertical, 6)
        .frame(maxWidth: .infinity)
        .background(.bar)
        .accessibilityElement(children: .combine)
    }

    @ViewBuilder private var phase: some View {
        switch status.phase {
        case .notEnrolled, .idle: EmptyView()
        case .syncing: Text("status.syncing")
        case .offline: Text("status.offline")
        case .failing(let code, _): Text(verbatim: refusalMessage(code: code, lang: .ofScreen))
        case .locked(.unauthorized): Text("status.locked").foregroundStyle(.red)
        case .locked(.cloned): Text("status.cloned").foregroundStyle(.red)
        }
    }
}
