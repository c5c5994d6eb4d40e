// SPDX-License-Identifier: Apache-2.0
#include "gateway/transfer/file_signature.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "gateway/update/bundle.hpp"
#include "gateway/update/files.hpp"

namespace busbar::gateway {
namespace {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* thing) const {
        free(thing);
    }
};
using Store = std::unique_ptr<X509_STORE, Free<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Free<X509_STORE_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;

constexpr int least_rsa_bits = 2048;
constexpr int least_curve_bits = 224;
constexpr std::size_t piece = 256 * 1024;

bool is_strong(EVP_PKEY* key) {
    if (key == nullptr) return false;
    const int bits = EVP_PKEY_get_bits(key);
    if (EVP_PKEY_is_a(key, "RSA") == 1) return bits >= least_rsa_bits;
    return EVP_PKEY_is_a(key, "EC") == 1 && bits >= least_curve_bits;
}

Error untrusted(const std::string& why) {
    return {Errc::invalid, "The signing certificate is not trusted: " + why + "."};
}

/// Digits of Base64 that stand for themselves; blanks and line ends between them are left out.
std::optional<std::string> base64_decoded(const std::string& text) {
    std::string digits;
    for (const char c : text) {
        if (c != '\n' && c != '\r' && c != ' ') digits += c;
    }
    if (digits.empty() || digits.size() % 4 != 0) return std::nullopt;
    std::string bytes(digits.size() / 4 * 3, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                       reinterpret_cast<const unsigned char*>(digits.data()),
                                       static_cast<int>(digits.size()));
    if (length < 0) return std::nullopt;
    const auto padding = static_cast<std::size_t>(std::count(digits.end() - 2, digits.end(), '='));
    bytes.resize(static_cast<std::size_t>(length) - padding);
    return bytes;
}

/// The ways that a key can have signed, each fed with the whole file.
std::vector<Digest> verifiers(EVP_PKEY* key) {
    std::vector<Digest> all;
    const bool rsa = EVP_PKEY_is_a(key, "RSA") == 1;
    for (const int padding : {RSA_PKCS1_PSS_PADDING, RSA_PKCS1_PADDING}) {
        if (!rsa && !all.empty()) break;
        Digest one(EVP_MD_CTX_new());
        EVP_PKEY_CTX* options = nullptr;
        if (EVP_DigestVerifyInit(one.get(), &options, EVP_sha256(), nullptr, key) != 1) continue;
        if (rsa && EVP_PKEY_CTX_set_rsa_padding(options, padding) != 1) continue;
        if (rsa && padding == RSA_PKCS1_PSS_PADDING) {
            EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_AUTO);
        }
        all.push_back(std::move(one));
    }
    return all;
}

Result<void> feed(const update::File& file, const std::vector<Digest>& digests) {
    const auto size = update::size_of(file);
    for (std::uint64_t at = 0; at < size; at += piece) {
        const auto bytes = update::read_at(file, at, piece);
        if (!bytes) return bytes.error();
        for (const auto& one : digests) EVP_DigestVerifyUpdate(one.get(), bytes->data(), bytes->size());
    }
    return {};
}

}  // namespace

Result<void> judge_signer(const std::string& pem, const std::vector<CertificatePtr>& roots, UtcTime at,
                          const Revoked& revoked) {
    const auto read = read_certificates(pem);
    if (!read) return untrusted("it is no certificate in PEM");
    const auto& chain = *read;
    if (roots.empty()) return untrusted("no ManufacturerRootCertificate is installed");
    ERR_clear_error();
    const Store store(X509_STORE_new());
    for (const auto& root : roots) X509_STORE_add_cert(store.get(), root.get());
    X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);  // an installed root is an anchor
    refuse_revoked(*store, revoked);
    const std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> others(
        sk_X509_new_null(), [](STACK_OF(X509) * stack) { sk_X509_free(stack); });
    for (std::size_t i = 1; i < chain.size(); ++i) sk_X509_push(others.get(), chain[i].get());
    const StoreContext context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), chain.front().get(), others.get());
    X509_STORE_CTX_set_time(context.get(), 0, std::chrono::floor<seconds>(at).time_since_epoch().count());
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context.get()), 2);
    if (X509_verify_cert(context.get()) != 1) {
        const int verdict = X509_STORE_CTX_get_error(context.get());
        Error error = untrusted(X509_verify_cert_error_string(verdict));
        if (verdict == X509_V_ERR_CERT_REVOKED) error.code = Errc::refused;
        return error;
    }
    if ((X509_get_key_usage(chain.front().get()) & KU_DIGITAL_SIGNATURE) == 0) {
        return untrusted("its key usage has no digital signature");
    }
    if (!is_strong(X509_get0_pubkey(chain.front().get()))) return untrusted("its key is too weak");
    return {};
}

Result<void> verify_file(const std::string& path, const std::string& certificate,
                         const std::string& signature) {
    const auto chain = read_certificates(certificate);
    const auto bytes = base64_decoded(signature);
    if (!chain || !bytes) return Error{Errc::invalid, "The signature or its certificate cannot be read."};
    const auto file = update::open_plain(AT_FDCWD, path, update::largest_bundle);
    if (!file) return Error{Errc::io, file.error().detail};
    const auto digests = verifiers(X509_get0_pubkey(chain->front().get()));
    if (const auto fed = feed(*file, digests); !fed) return Error{Errc::io, fed.error().detail};
    const auto* raw = reinterpret_cast<const unsigned char*>(bytes->data());
    const bool good = std::any_of(digests.begin(), digests.end(), [&](const Digest& one) {
        return EVP_DigestVerifyFinal(one.get(), raw, bytes->size()) == 1;
    });
    ERR_clear_error();
    if (good) return {};
    return Error{Errc::invalid, "The signature does not match the fetched file."};
}

}  // namespace busbar::gateway
