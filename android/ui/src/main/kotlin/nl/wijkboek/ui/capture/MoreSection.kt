package nl.wijkboek.ui.capture

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.FilledTonalIconButton
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import nl.wijkboek.data.AgeGroup
import nl.wijkboek.data.CaptureType
import nl.wijkboek.data.FormField
import nl.wijkboek.ui.parts.ChoiceChip
import nl.wijkboek.ui.text.LocalTexts
import nl.wijkboek.ui.theme.WijkboekIcons

/** What may wait: who spoke. A melding has none of it. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun MoreSection(state: CaptureState, onEvent: (CaptureEvent) -> Unit) {
    if (state.type != CaptureType.CONTACT) return
    val texts = LocalTexts.current
    TextButton(
        { onEvent(CaptureEvent.ToggleMore) },
        Modifier.padding(start = 8.dp, top = 12.dp).heightIn(min = 48.dp).testTag("more"),
    ) { Text(if (state.showsMore) texts.strings.less else texts.strings.more, style = MaterialTheme.typography.labelLarge) }
    if (!state.showsMore) return
    Question(texts.strings.ageQuestion) {
        FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
            for (age in AgeGroup.entries) {
                ChoiceChip(
                    texts.wording.age(age),
                    age == state.age,
                    { onEvent(CaptureEvent.PickAge(age.takeUnless { it == state.age })) },
                    Modifier.testTag("age-${age.name.lowercase()}"),
                )
            }
        }
        FieldProblem(state.problem, FormField.AGE)
    }
    Question(texts.strings.peopleQuestion) {
        Row(verticalAlignment = Alignment.CenterVertically, horizontalArrangement = Arrangement.spacedBy(12.dp)) {
            FilledTonalIconButton(
                { onEvent(CaptureEvent.People(state.people - 1)) },
                Modifier.size(56.dp).testTag("fewer"),
                enabled = state.people > 1,
                shape = MaterialTheme.shapes.medium,
            ) { Icon(WijkboekIcons.minus, texts.strings.fewerPeople) }
            Text(
                state.people.toString(),
                Modifier.widthIn(min = 40.dp).testTag("people"),
                style = MaterialTheme.typography.titleLarge,
                textAlign = TextAlign.Center,
            )
            FilledTonalIconButton(
                { onEvent(CaptureEvent.People(state.people + 1)) },
                Modifier.size(56.dp).testTag("more-people"),
                shape = MaterialTheme.shapes.medium,
            ) { Icon(WijkboekIcons.plus, texts.strings.morePeople) }
        }
        FieldProblem(state.problem, FormField.PEOPLE)
    }
}
