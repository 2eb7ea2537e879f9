package nl.wijkboek.platform

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.io.File
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.SecureRandom
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/** The key that a database was made with is gone: what it holds has to be fetched again. */
class KeyLostException(cause: Throwable? = null) : Exception(cause)

/**
 * A random 32-byte database key, sealed in [file] by a key that never leaves the platform keystore.
 *
 * Raw bytes rather than a passphrase: deriving a key costs 110 ms at each start. [file] belongs in a
 * folder that no backup takes along.
 */
class DatabaseKey(private val file: File, private val alias: String = "wijkboek-database") {
    private val keystore: KeyStore = KeyStore.getInstance(PROVIDER).apply { load(null) }

    /**
     * The key; made the first time.
     *
     * @throws KeyLostException when it was sealed by a key that the keystore no longer has.
     */
    fun open(): ByteArray = if (file.exists()) unseal(file.readBytes()) else make()

    /** Makes what was encrypted with it unreadable for ever. */
    fun destroy() {
        keystore.deleteEntry(alias)
        file.delete()
    }

    private fun make(): ByteArray {
        val key = ByteArray(KEY_BYTES).also { SecureRandom().nextBytes(it) }
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.ENCRYPT_MODE, sealingKey() ?: generate())
        // Whole or not at all: half a key would be a lost one.
        val fresh = File(file.path + ".new")
        fresh.writeBytes(cipher.iv + cipher.doFinal(key))
        if (!fresh.renameTo(file)) throw IOException("the sealed key could not be kept")
        return key
    }

    private fun unseal(sealed: ByteArray): ByteArray {
        val sealing = sealingKey() ?: throw KeyLostException()
        if (sealed.size != IV_BYTES + KEY_BYTES + TAG_BITS / 8) throw KeyLostException()
        try {
            val cipher = Cipher.getInstance(TRANSFORMATION)
            cipher.init(Cipher.DECRYPT_MODE, sealing, GCMParameterSpec(TAG_BITS, sealed, 0, IV_BYTES))
            return cipher.doFinal(sealed, IV_BYTES, sealed.size - IV_BYTES)
        } catch (failure: GeneralSecurityException) {
            throw KeyLostException(failure)
        }
    }

    private fun sealingKey(): SecretKey? = keystore.getKey(alias, null) as SecretKey?

    private fun generate(): SecretKey {
        val spec = KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(256)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER).apply { init(spec) }.generateKey()
    }

    private companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val TRANSFORMATION = "AES/GCM/NoPadding"
        const val KEY_BYTES = 32
        const val IV_BYTES = 12
        const val TAG_BITS = 128
    }
}
