// SPDX-License-Identifier: Apache-2.0
#include "gateway/certificates/signing_request.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "gateway/web/pem.hpp"
#include "ocpp/types.hpp"

namespace busbar::gateway {
namespace {

struct Release {
    void operator()(X509_REQ* request) const { X509_REQ_free(request); }
    void operator()(BIO* bio) const { BIO_free(bio); }
};

bool add(X509_NAME* name, const char* field, const std::string& text) {
    if (text.empty()) return true;
    const std::string cut(ocpp::first_characters(text, ub_common_name));
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(cut.c_str()), -1, -1, 0) == 1;
}

}  // namespace

Result<SigningRequest> make_signing_request(const std::string& common_name, const std::string& organisation,
                                            int rsa_bits) {
    auto key_text = make_key(rsa_bits);
    if (!key_text) return key_text.error();
    const auto key = read_key(key_text->reveal());
    if (!key) return key.error();
    const std::unique_ptr<X509_REQ, Release> request(X509_REQ_new());
    const std::unique_ptr<BIO, Release> out(BIO_new(BIO_s_mem()));
    X509_NAME* name = X509_REQ_get_subject_name(request.get());
    const bool made = add(name, "O", organisation) && add(name, "CN", common_name) &&
                      X509_REQ_set_pubkey(request.get(), key->get()) == 1 &&
                      X509_REQ_sign(request.get(), key->get(), EVP_sha256()) > 0 &&
                      PEM_write_bio_X509_REQ(out.get(), request.get()) == 1;
    if (!made) return Error{Errc::unsupported, "OpenSSL made no request for the name " + common_name};
    char* data = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &data);
    return SigningRequest{*std::move(key_text), {data, static_cast<std::size_t>(size)}};
}

}  // namespace busbar::gateway
