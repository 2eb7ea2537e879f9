package nl.wijkboek.data

import nl.wijkboek.core.AgeGroup as CoreAgeGroup
import nl.wijkboek.core.AreaCode as CoreAreaCode
import nl.wijkboek.core.AreaView
import nl.wijkboek.core.BuurtAnswer
import nl.wijkboek.core.ContactKind
import nl.wijkboek.core.Delivery as CoreDelivery
import nl.wijkboek.core.IdentityView
import nl.wijkboek.core.Place
import nl.wijkboek.core.PlaceSource
import nl.wijkboek.core.PrincipalId
import nl.wijkboek.core.RecordType
import nl.wijkboek.core.ReferenceView
import nl.wijkboek.core.Role as CoreRole
import nl.wijkboek.core.RowView
import nl.wijkboek.core.Status as CoreStatus
import nl.wijkboek.core.StatusView
import nl.wijkboek.core.SyncPhase
import nl.wijkboek.core.TallyKey
import nl.wijkboek.core.ThemeId as CoreThemeId
import nl.wijkboek.core.ThemeView

/** The names that belong to the codes and ids of lines. */
internal class Names(reference: ReferenceView?, own: IdentityView?) {
    private val buurten = reference?.buurten.orEmpty().associate { it.code to it.name }
    private val themes = reference?.themes.orEmpty().associate { it.id to it.toTheme() }
    private val people: Map<PrincipalId, String> = buildMap {
        reference?.colleagues?.forEach { put(it.id, it.name) }
        own?.let { put(it.principal, it.name) }
    }

    /** A code without a name says itself: it still tells where. */
    fun buurt(code: CoreAreaCode): String = buurten[code] ?: code.value

    /** A theme that was taken off the list says its id. */
    fun theme(id: CoreThemeId): Theme = themes[id] ?: Theme(ThemeId(id.value), id.value, id.value, main = true)

    fun person(id: PrincipalId): String? = people[id]
}

internal fun RowView.toLine(names: Names) = LogLine(
    id = RecordId(id.value),
    type = recordType?.toType(),
    kind = kind?.toKind(),
    status = status?.toStatus(),
    buurt = buurt?.let(names::buurt),
    themes = themes.map(names::theme),
    text = text,
    author = author?.let(names::person),
    occurredAt = occurredAt,
    createdAt = createdAt,
    conflicts = conflicts.toInt(),
    visitors = visitors(),
    delivery = delivery.toDelivery(),
)

/** Everybody counted by age; the tally by kind counts the same talks again. */
private fun RowView.visitors(): Long? =
    if (recordType == RecordType.VISIT) tallies.filter { it.key is TallyKey.Age || it.key is TallyKey.AgeUnknown }.sumOf { it.count } else null

internal fun IdentityView.toIdentity() =
    Identity(name, role?.toRole(), wijken.map { AreaCode(it.value) }, captures?.toCaptures())

internal fun ReferenceView?.toReference() = Reference(
    buurten = this?.buurten.orEmpty().map { it.toArea() },
    themes = this?.themes.orEmpty().map { it.toTheme() },
)

internal fun ThemeView.toTheme() = Theme(ThemeId(id.value), nameNl, nameEn, main = parent == null)

internal fun AreaView.toArea() = Area(AreaCode(code.value), name)

internal fun BuurtAnswer.toGuess(): BuurtGuess = when (this) {
    is BuurtAnswer.Sure -> BuurtGuess.Sure(buurt.toArea())
    is BuurtAnswer.Ask -> BuurtGuess.Ask(buurten.map { it.toArea() })
    BuurtAnswer.Outside, BuurtAnswer.NoAreas -> BuurtGuess.Outside
}

internal fun StatusView.toState() = SyncState(
    phase = when (phase) {
        SyncPhase.NotEnrolled -> SyncState.Phase.NOT_ENROLLED
        SyncPhase.Idle -> SyncState.Phase.IDLE
        SyncPhase.Syncing -> SyncState.Phase.SYNCING
        is SyncPhase.Offline -> SyncState.Phase.OFFLINE
        is SyncPhase.Failing -> SyncState.Phase.FAILING
        is SyncPhase.Locked -> SyncState.Phase.LOCKED
    },
    unsent = unsent.toInt(),
    refused = refused.toInt(),
    lastSuccess = lastSuccess,
)

/** Only the device's own position comes this way. */
internal fun Position.toCore() = Place(lon, lat, accuracyM.toUInt(), PlaceSource.GPS)

internal fun AreaCode.toCore() = CoreAreaCode(value)

internal fun ThemeId.toCore() = CoreThemeId(value)

internal fun Kind.toCore() = when (this) {
    Kind.VRAAG -> ContactKind.VRAAG
    Kind.KLACHT -> ContactKind.KLACHT
    Kind.SIGNAAL -> ContactKind.SIGNAAL
    Kind.INITIATIEF -> ContactKind.INITIATIEF
}

private fun ContactKind.toKind() = when (this) {
    ContactKind.VRAAG -> Kind.VRAAG
    ContactKind.KLACHT -> Kind.KLACHT
    ContactKind.SIGNAAL -> Kind.SIGNAAL
    ContactKind.INITIATIEF -> Kind.INITIATIEF
}

internal fun AgeGroup.toCore() = when (this) {
    AgeGroup.AGE_0_14 -> CoreAgeGroup.AGE0_TO14
    AgeGroup.AGE_15_24 -> CoreAgeGroup.AGE15_TO24
    AgeGroup.AGE_25_44 -> CoreAgeGroup.AGE25_TO44
    AgeGroup.AGE_45_64 -> CoreAgeGroup.AGE45_TO64
    AgeGroup.AGE_65_PLUS -> CoreAgeGroup.AGE65_PLUS
}

internal fun EntryType.toCore() = when (this) {
    EntryType.CONTACT -> RecordType.CONTACT
    EntryType.SIGNAL -> RecordType.SIGNAL
    EntryType.VISIT -> RecordType.VISIT
    EntryType.ACTION -> RecordType.ACTION
    EntryType.ESCALATION -> RecordType.ESCALATION
    EntryType.MEETING -> RecordType.MEETING
    EntryType.IDEA -> RecordType.IDEA
    EntryType.BUDGET -> RecordType.BUDGET
    EntryType.PERSON -> RecordType.PERSON
    EntryType.CONSENT -> RecordType.CONSENT
    EntryType.RELATION -> RecordType.RELATION
    EntryType.COVENANT -> RecordType.COVENANT
    EntryType.ENDORSEMENT -> RecordType.ENDORSEMENT
    EntryType.REPLY -> RecordType.REPLY
    EntryType.INTERNAL_NOTE -> RecordType.INTERNAL_NOTE
}

private fun RecordType.toType() = when (this) {
    RecordType.CONTACT -> EntryType.CONTACT
    RecordType.SIGNAL -> EntryType.SIGNAL
    RecordType.VISIT -> EntryType.VISIT
    RecordType.ACTION -> EntryType.ACTION
    RecordType.ESCALATION -> EntryType.ESCALATION
    RecordType.MEETING -> EntryType.MEETING
    RecordType.IDEA -> EntryType.IDEA
    RecordType.BUDGET -> EntryType.BUDGET
    RecordType.PERSON -> EntryType.PERSON
    RecordType.CONSENT -> EntryType.CONSENT
    RecordType.RELATION -> EntryType.RELATION
    RecordType.COVENANT -> EntryType.COVENANT
    RecordType.ENDORSEMENT -> EntryType.ENDORSEMENT
    RecordType.REPLY -> EntryType.REPLY
    RecordType.INTERNAL_NOTE -> EntryType.INTERNAL_NOTE
}

/** `null` for what has no form here. */
private fun RecordType.toCaptures(): CaptureType? = toType().let { type -> CaptureType.entries.find { it.entry == type } }

internal fun Status.toCore() = when (this) {
    Status.NIEUW -> CoreStatus.NIEUW
    Status.IN_BEHANDELING -> CoreStatus.IN_BEHANDELING
    Status.AFGEHANDELD -> CoreStatus.AFGEHANDELD
    Status.AFGEWEZEN -> CoreStatus.AFGEWEZEN
}

private fun CoreStatus.toStatus() = when (this) {
    CoreStatus.NIEUW -> Status.NIEUW
    CoreStatus.IN_BEHANDELING -> Status.IN_BEHANDELING
    CoreStatus.AFGEHANDELD -> Status.AFGEHANDELD
    CoreStatus.AFGEWEZEN -> Status.AFGEWEZEN
}

private fun CoreDelivery.toDelivery() = when (this) {
    CoreDelivery.ON_DEVICE -> Delivery.ON_DEVICE
    CoreDelivery.SENT -> Delivery.SENT
    CoreDelivery.AT_OFFICE -> Delivery.AT_OFFICE
    CoreDelivery.REFUSED -> Delivery.REFUSED
}

private fun CoreRole.toRole() = when (this) {
    CoreRole.AMBASSADEUR -> Role.AMBASSADEUR
    CoreRole.WIJKREGISSEUR -> Role.WIJKREGISSEUR
    CoreRole.MEDEWERKER -> Role.MEDEWERKER
    CoreRole.OOV -> Role.OOV
    CoreRole.PARTNER -> Role.PARTNER
    CoreRole.BESTUURDER -> Role.BESTUURDER
    CoreRole.BEHEERDER -> Role.BEHEERDER
    CoreRole.PRIVACY_OFFICER -> Role.PRIVACY_OFFICER
    CoreRole.FG -> Role.FG
}
