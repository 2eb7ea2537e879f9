package nl.wijkboek.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Button
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.unit.dp
import nl.wijkboek.data.LogbookException
import nl.wijkboek.ui.parts.Notice
import nl.wijkboek.ui.text.LocalTexts
import nl.wijkboek.ui.text.Texts
import nl.wijkboek.ui.theme.WijkboekIcons
import nl.wijkboek.ui.theme.WijkboekTheme

/** Before the logbook is open, or when it cannot be: says why, and lets somebody try again. */
@Composable
fun OpeningScreen(texts: Texts, problem: LogbookException?, onRetry: () -> Unit) {
    CompositionLocalProvider(LocalTexts provides texts) {
        Surface(Modifier.fillMaxSize(), color = MaterialTheme.colorScheme.background) {
            Column(
                Modifier.padding(24.dp),
                verticalArrangement = Arrangement.spacedBy(16.dp, Alignment.CenterVertically),
                horizontalAlignment = Alignment.CenterHorizontally,
            ) {
                if (problem == null) {
                    CircularProgressIndicator()
                    Text(texts.strings.loading, style = MaterialTheme.typography.bodyLarge)
                } else {
                    Notice(WijkboekIcons.klacht, texts.problem(problem), WijkboekTheme.colors.attention, Modifier.testTag("problem"))
                    Button(onRetry, Modifier.heightIn(min = 56.dp).testTag("retry"), shape = MaterialTheme.shapes.medium) {
                        Text(texts.strings.tryAgain, style = MaterialTheme.typography.titleMedium)
                    }
                }
            }
        }
    }
}
