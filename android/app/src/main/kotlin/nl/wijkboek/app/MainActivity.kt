package nl.wijkboek.app

import android.os.Build
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.BackHandler
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.result.contract.ActivityResultContracts.RequestMultiplePermissions
import androidx.activity.viewModels
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import nl.wijkboek.data.Language
import nl.wijkboek.data.RustWording
import nl.wijkboek.platform.AndroidPositionSource
import nl.wijkboek.ui.OpeningScreen
import nl.wijkboek.ui.WijkboekApp
import nl.wijkboek.ui.text.Strings
import nl.wijkboek.ui.text.Texts
import nl.wijkboek.ui.theme.WijkboekTheme

/** The one window. */
class MainActivity : ComponentActivity() {
    private val main: MainModel by viewModels()
    private val askPosition = registerForActivityResult(RequestMultiplePermissions()) {
        // A "no" is an answer too: the form then asks for the buurt.
    }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        if (savedInstanceState == null && !AndroidPositionSource(this).isPermitted) {
            askPosition.launch(AndroidPositionSource.PERMISSIONS)
        }
        val language = if (resources.configuration.locales[0].language == "en") Language.ENGLISH else Language.DUTCH
        val texts = Texts(Strings.of(language), RustWording(language))
        main.open(deviceName = Build.MODEL)
        setContent {
            val opened by main.state.collectAsState()
            WijkboekTheme {
                when (val state = opened) {
                    is MainState.Open -> {
                        BackHandler(state.navigator.canGoBack) { state.navigator.back() }
                        WijkboekApp(state.navigator, texts)
                    }
                    MainState.Opening -> OpeningScreen(texts, problem = null, onRetry = {})
                    is MainState.Failed -> OpeningScreen(texts, state.problem, onRetry = { main.open(Build.MODEL) })
                }
            }
        }
    }

    override fun onStart() {
        super.onStart()
        main.toFront()
    }

    override fun onStop() {
        main.toBack()
        super.onStop()
    }
}
