package nl.wijkboek.ui

import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText

/** Waits until exactly one such node stands there; how long it may take says nothing about speed. */
@OptIn(ExperimentalTestApi::class)
internal fun ComposeUiTest.await(matcher: SemanticsMatcher) {
    waitUntil(matcher.description, timeoutMillis = 20_000) { onAllNodes(matcher).fetchSemanticsNodes().size == 1 }
}

@OptIn(ExperimentalTestApi::class)
internal fun ComposeUiTest.awaitTag(tag: String) = await(hasTestTag(tag))

@OptIn(ExperimentalTestApi::class)
internal fun ComposeUiTest.awaitText(text: String) = await(hasText(text, substring = true))
