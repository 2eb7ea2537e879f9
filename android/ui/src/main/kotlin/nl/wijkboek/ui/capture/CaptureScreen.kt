package nl.wijkboek.ui.capture

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.navigationBarsPadding
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.statusBarsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Button
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.OutlinedTextFieldDefaults
import androidx.compose.material3.Scaffold
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.unit.dp
import nl.wijkboek.data.FormField
import nl.wijkboek.data.LogbookException
import nl.wijkboek.ui.parts.ChoiceChip
import nl.wijkboek.ui.parts.KindButtons
import nl.wijkboek.ui.parts.Notice
import nl.wijkboek.ui.text.LocalTexts
import nl.wijkboek.ui.theme.WijkboekIcons
import nl.wijkboek.ui.theme.WijkboekTheme

/** One talk, written down before the next begins: kind, theme, save. The rest may wait. */
@Composable
fun CaptureScreen(state: CaptureState, onEvent: (CaptureEvent) -> Unit, modifier: Modifier = Modifier) {
    val strings = LocalTexts.current.strings
    Scaffold(
        modifier = modifier,
        topBar = {
            Row(
                Modifier.statusBarsPadding().fillMaxWidth().padding(horizontal = 4.dp, vertical = 4.dp),
                verticalAlignment = Alignment.CenterVertically,
            ) {
                IconButton({ onEvent(CaptureEvent.Close) }, Modifier.size(56.dp).testTag("close")) {
                    Icon(WijkboekIcons.close, strings.closeForm)
                }
                Text(
                    strings.newEntry(state.type),
                    Modifier.weight(1f).padding(horizontal = 4.dp).semantics { heading() },
                    style = MaterialTheme.typography.titleLarge,
                )
                TextButton({ onEvent(CaptureEvent.Discard) }, Modifier.heightIn(min = 48.dp).testTag("discard")) {
                    Text(strings.discard)
                }
            }
        },
        bottomBar = { SaveBar(state, onEvent) },
        containerColor = MaterialTheme.colorScheme.background,
    ) { padding ->
        Column(
            Modifier.padding(padding).fillMaxSize().verticalScroll(rememberScrollState()).padding(bottom = 20.dp),
        ) {
            if (state.restored) {
                Notice(
                    WijkboekIcons.check,
                    strings.draftRestored,
                    WijkboekTheme.colors.waiting,
                    Modifier.padding(horizontal = 16.dp).testTag("restored"),
                )
            }
            // What only a person can answer comes first; what was filled in may wait below.
            val asks = state.where is Where.Between || state.where is Where.Unknown
            if (asks) WhereSection(state, onEvent)
            Question(strings.kindQuestion(state.type)) {
                KindButtons(state.kind, choosing = true) { onEvent(CaptureEvent.PickKind(it)) }
                FieldProblem(state.problem, FormField.KIND)
            }
            Themes(state, onEvent)
            Note(state, onEvent)
            if (!asks) WhereSection(state, onEvent)
            MoreSection(state, onEvent)
        }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Themes(state: CaptureState, onEvent: (CaptureEvent) -> Unit) {
    val strings = LocalTexts.current.strings
    if (state.themes.isEmpty()) return
    Question(strings.themeQuestion) {
        FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
            for (theme in state.themes) {
                ChoiceChip(
                    theme.name(strings.language),
                    theme.id in state.chosenThemes,
                    { onEvent(CaptureEvent.ToggleTheme(theme.id)) },
                    Modifier.testTag("theme-${theme.id.value}"),
                )
            }
        }
        FieldProblem(state.problem, FormField.THEMES)
    }
}

@Composable
private fun Note(state: CaptureState, onEvent: (CaptureEvent) -> Unit) {
    val strings = LocalTexts.current.strings
    Question(strings.noteLabel(state.type)) {
        OutlinedTextField(
            state.note,
            { onEvent(CaptureEvent.Note(it)) },
            Modifier.fillMaxWidth().testTag("note"),
            textStyle = MaterialTheme.typography.bodyLarge,
            placeholder = { Text(strings.noteHint, style = MaterialTheme.typography.bodyLarge) },
            isError = state.problem.isAbout(FormField.NOTE),
            keyboardOptions = KeyboardOptions(capitalization = KeyboardCapitalization.Sentences),
            minLines = 3,
            maxLines = 8,
            shape = MaterialTheme.shapes.medium,
            colors = OutlinedTextFieldDefaults.colors(
                unfocusedContainerColor = MaterialTheme.colorScheme.surfaceContainerLowest,
                focusedContainerColor = MaterialTheme.colorScheme.surfaceContainerLowest,
                errorContainerColor = MaterialTheme.colorScheme.surfaceContainerLowest,
            ),
        )
        FieldProblem(state.problem, FormField.NOTE)
    }
}

@Composable
private fun SaveBar(state: CaptureState, onEvent: (CaptureEvent) -> Unit) {
    val texts = LocalTexts.current
    val general = state.problem?.takeUnless { it is LogbookException.Invalid && it.field != FormField.OTHER }
    Surface(color = MaterialTheme.colorScheme.surfaceContainerLow) {
        Column(Modifier.navigationBarsPadding().imePadding()) {
            HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)
            general?.let {
                Notice(
                    WijkboekIcons.klacht,
                    texts.problem(it),
                    WijkboekTheme.colors.attention,
                    Modifier.padding(start = 16.dp, end = 16.dp, top = 12.dp).testTag("problem"),
                )
            }
            Button(
                { onEvent(CaptureEvent.Save) },
                Modifier.fillMaxWidth().padding(horizontal = 16.dp, vertical = 12.dp).heightIn(min = 60.dp).testTag("save"),
                enabled = state.canSave,
                shape = MaterialTheme.shapes.medium,
                // What is still missing has to be read.
                colors = ButtonDefaults.buttonColors(
                    disabledContainerColor = MaterialTheme.colorScheme.surfaceContainerHighest,
                    disabledContentColor = MaterialTheme.colorScheme.onSurfaceVariant,
                ),
            ) {
                Text(
                    when {
                        state.saving -> texts.strings.saving
                        state.kind == null -> texts.strings.chooseKindFirst
                        state.where !is Where.In -> texts.strings.chooseBuurtFirst
                        else -> texts.strings.save
                    },
                    style = MaterialTheme.typography.titleMedium,
                )
            }
        }
    }
}

/** One question of the form with its answers. */
@Composable
internal fun Question(text: String, answers: @Composable ColumnScope.() -> Unit) {
    Column(Modifier.fillMaxWidth().padding(start = 16.dp, end = 16.dp, top = 18.dp)) {
        Text(
            text,
            Modifier.padding(start = 4.dp, bottom = 8.dp).semantics { heading() },
            style = MaterialTheme.typography.titleSmall,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
        )
        answers()
    }
}

@Composable
internal fun FieldProblem(problem: LogbookException?, field: FormField) {
    if (problem is LogbookException.Invalid && problem.field == field) {
        Text(
            LocalTexts.current.wording.invalid(problem),
            Modifier.padding(start = 4.dp, top = 6.dp).testTag("problem-${field.name.lowercase()}"),
            style = MaterialTheme.typography.bodyMedium,
            color = MaterialTheme.colorScheme.error,
        )
    }
}

private fun LogbookException?.isAbout(field: FormField): Boolean =
    this is LogbookException.Invalid && this.field == field
