package nl.wijkboek.platform

import android.security.keystore.KeyGenParameterSpec
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.SecureRandom
import java.security.Security
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec

/** Robolectric has no AndroidKeyStore provider; this one keeps AES keys in memory. */
class FakeAndroidKeyStore : Provider("AndroidKeyStore", "1.0", "in-memory, for tests") {
    init {
        put("KeyStore.AndroidKeyStore", Store::class.java.name)
        put("KeyGenerator.AES", Gen::class.java.name)
    }
    class Store : KeyStoreSpi() {
        override fun engineGetKey(alias: String, password: CharArray?): Key? = keys[alias]
        override fun engineContainsAlias(alias: String) = alias in keys
        override fun engineDeleteEntry(alias: String) { keys.remove(alias) }
        override fun engineAliases(): Enumeration<String> = Collections.enumeration(keys.keys)
        override fun engineSize() = keys.size
        override fun engineIsKeyEntry(alias: String) = alias in keys
        override fun engineIsCertificateEntry(alias: String) = false
        override fun engineLoad(stream: InputStream?, password: CharArray?) {}
        override fun engineStore(stream: OutputStream?, password: CharArray?) {}
        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null
        override fun engineGetCertificate(alias: String): Certificate? = null
        override fun engineGetCreationDate(alias: String): Date? = null
        override fun engineGetCertificateAlias(cert: Certificate?): String? = null

        override fun engineSetKeyEntry(alias: String, key: Key, password: CharArray?, chain: Array<Certificate>?) {
            keys[alias] = key as SecretKey
        }

        override fun engineSetKeyEntry(alias: String, key: ByteArray?, chain: Array<Certificate>?) = throw UnsupportedOperationException()
        override fun engineSetCertificateEntry(alias: String?, cert: Certificate?) = throw UnsupportedOperationException()
    }
    class Gen : KeyGeneratorSpi() {
        private lateinit var spec: KeyGenParameterSpec
        override fun engineInit(random: SecureRandom?) = throw UnsupportedOperationException()
        override fun engineInit(keysize: Int, random: SecureRandom?) = throw UnsupportedOperationException()
        override fun engineInit(params: AlgorithmParameterSpec, random: SecureRandom?) { spec = params as KeyGenParameterSpec }
        override fun engineGenerateKey(): SecretKey =
            SecretKeySpec(ByteArray(spec.keySize / 8).also { SecureRandom().nextBytes(it) }, "AES").also {
                keys[spec.keystoreAlias] = it
            }
    }
    companion object {
        val keys = mutableMapOf<String, SecretKey>()
        fun install() {
            keys.clear()
            Security.removeProvider("AndroidKeyStore")
            Security.addProvider(FakeAndroidKeyStore())
        }
    }
}
