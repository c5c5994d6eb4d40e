// SPDX-License-Identifier: Apache-2.0
// What a certificate that comes over OCPP must be, and by which hashes it is named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>

#include "gateway/certificates/certificate_checks.hpp"
#include "gateway/certificates/signing_request.hpp"
#include "parties.hpp"

namespace busbar::gateway {
namespace {

using ocpp::HashAlgorithm;
using testing::chain_of, testing::day, testing::leaf, testing::make, testing::now, testing::Party;
using ::testing::HasSubstr;
using Wish = testing::PartyWish;

std::string refusal_of_root(std::string_view pem, const Chain& known = {}) {
    const auto root = read_root(pem, now, known);
    return root ? "" : root.error().detail;
}

TEST(RootCertificate, IsOneThatSignedItselfAndIsValidNow) {
    EXPECT_EQ(refusal_of_root(make({}).pem()), "");
    Wish rsa;
    rsa.rsa_bits = 2048;
    EXPECT_EQ(refusal_of_root(make(rsa).pem()), "");
}

TEST(RootCertificate, IsRefusedWhereItIsNoneOrNotValidOrWeak) {
    EXPECT_THAT(refusal_of_root("hello"), HasSubstr("PEM"));
    EXPECT_THAT(refusal_of_root(make(leaf()).pem()), HasSubstr("none of an authority"));
    Wish past;
    past.until = now - day;
    EXPECT_THAT(refusal_of_root(make(past).pem()), HasSubstr("not valid now"));
    Wish future;
    future.from = now + day;
    EXPECT_THAT(refusal_of_root(make(future).pem()), HasSubstr("not valid now"));
    Wish weak;
    weak.rsa_bits = 1024;
    EXPECT_THAT(refusal_of_root(make(weak).pem()), HasSubstr("too short"));
    EXPECT_THAT(refusal_of_root(make({}).pem() + make({}).pem()), HasSubstr("one certificate"));
}

TEST(RootCertificate, OfAnotherAuthorityNeedsThatOneInstalled) {
    const Party root = make({});
    Wish below;
    below.name = "Below";
    const Party middle = make(below, &root);
    EXPECT_THAT(refusal_of_root(middle.pem()), HasSubstr("signed neither by itself"));
    EXPECT_EQ(refusal_of_root(middle.pem(), chain_of(root)), "");
}

TEST(RootCertificate, WhoseSignatureIsAnothersIsRefused) {
    const Party real = make({});
    const Party fake = make({}, &real);  // the same name, another key
    EXPECT_THAT(refusal_of_root(fake.pem()), HasSubstr("signed neither by itself"));
}

/// OpenSSL's OCSP code computes the same three hashes.
TEST(CertificateHash, IsThatOfOcsp) {
    const Party root = make({});
    for (const auto& [algorithm, digest] :
         {std::pair{HashAlgorithm::SHA256, EVP_sha256()}, std::pair{HashAlgorithm::SHA384, EVP_sha384()},
          std::pair{HashAlgorithm::SHA512, EVP_sha512()}}) {
        const auto data = hash_data(*root.certificate, *root.certificate, algorithm);
        OCSP_CERTID* id = OCSP_cert_to_id(digest, root.certificate.get(), root.certificate.get());
        ASN1_OCTET_STRING* name = nullptr;
        ASN1_OCTET_STRING* key = nullptr;
        OCSP_id_get0_info(&name, nullptr, &key, nullptr, id);
        const auto hex = [](const ASN1_OCTET_STRING* bytes) {
            char* text = OPENSSL_buf2hexstr(ASN1_STRING_get0_data(bytes), ASN1_STRING_length(bytes));
            std::string digits(text);
            OPENSSL_free(text);
            std::erase(digits, ':');
            return digits;
        };
        EXPECT_TRUE(ocpp::equals_ignoring_case(data.issuerNameHash.str(), hex(name)));
        EXPECT_TRUE(ocpp::equals_ignoring_case(data.issuerKeyHash.str(), hex(key)));
        EXPECT_EQ(data.serialNumber.str(), "a1b2c");
        OCSP_CERTID_free(id);
    }
}

TEST(CertificateHash, IsComparedWithoutCaseAndLeadingZeros) {
    const Party root = make({});
    const auto data = hash_data(*root.certificate, *root.certificate, HashAlgorithm::SHA256);
    auto other = data;
    other.serialNumber = "000A1B2C";
    EXPECT_TRUE(is_same(data, other));
    other.serialNumber = "A1B2C0";
    EXPECT_FALSE(is_same(data, other));
}

std::string refusal_of_chain(std::string_view pem, const Chain& roots) {
    const auto chain = read_client_chain(pem, roots, now);
    return chain ? "" : chain.error().detail;
}

class ClientChain : public ::testing::Test {
  protected:
    Party middle(Wish wish = {}) const {
        wish.name = "Middle";
        return make(wish, &root);
    }
    const Party root = make({});
    const Chain roots = chain_of(root);
};

TEST_F(ClientChain, LeadsOverItsAuthoritiesToAnInstalledRoot) {
    const Party between = middle();
    EXPECT_EQ(refusal_of_chain(make(leaf(), &root).pem(), roots), "");
    EXPECT_EQ(refusal_of_chain(make(leaf(), &between).pem() + between.pem(), roots), "");
    EXPECT_EQ(refusal_of_chain(make(leaf(), &between).pem() + between.pem() + root.pem(), roots), "");
    EXPECT_THAT(refusal_of_chain(make(leaf(), &between).pem(), roots), HasSubstr("unable to get"));
}

TEST_F(ClientChain, ThatEndsElsewhereIsRefused) {
    const Party other = make({.name = "Other"});
    EXPECT_THAT(refusal_of_chain(make(leaf(), &other).pem() + other.pem(), roots), HasSubstr("self-signed"));
    EXPECT_THAT(refusal_of_chain(make(leaf(), &root).pem(), {}),
                HasSubstr("no CentralSystemRootCertificate"));
    EXPECT_THAT(refusal_of_chain("", roots), HasSubstr("PEM"));
}

TEST_F(ClientChain, IsJudgedByItsDates) {
    Wish past = leaf();
    past.until = now - day;
    EXPECT_THAT(refusal_of_chain(make(past, &root).pem(), roots), HasSubstr("expired"));
    Wish old;
    old.until = now - day;
    const Party expired = middle(old);
    EXPECT_THAT(refusal_of_chain(make(leaf(), &expired).pem() + expired.pem(), roots), HasSubstr("expired"));
    Wish young;
    young.from = now + day;
    const Party early = middle(young);
    EXPECT_NE(refusal_of_chain(make(leaf(), &early).pem() + early.pem(), roots), "");
}

TEST_F(ClientChain, MayBeginLaterWhereItsAuthoritiesCountNow) {
    Wish later = leaf();
    later.from = now + 2 * day;
    EXPECT_EQ(refusal_of_chain(make(later, &root).pem(), roots), "");
    Wish young;
    young.from = now + day;
    const Party early = middle(young);
    EXPECT_THAT(refusal_of_chain(make(later, &early).pem() + early.pem(), roots), HasSubstr("not valid now"));
}

TEST_F(ClientChain, IsRefusedForAServerOnlyAndForAShortKey) {
    Wish server = leaf();
    server.usage = "serverAuth";
    EXPECT_THAT(refusal_of_chain(make(server, &root).pem(), roots), HasSubstr("purpose"));
    Wish weak = leaf();
    weak.rsa_bits = 1024;
    EXPECT_THAT(refusal_of_chain(make(weak, &root).pem(), roots), HasSubstr("too short"));
}

TEST(SigningRequest, HasTheKeyThatIsAskedFor) {
    const auto kind = [](int rsa_bits) {
        const auto made = make_signing_request("CP1", "", rsa_bits).value();
        const auto key = read_key(made.key.reveal()).value();
        return std::pair(EVP_PKEY_get_base_id(key.get()), EVP_PKEY_get_bits(key.get()));
    };
    EXPECT_EQ(kind(0), std::pair(EVP_PKEY_EC, 256));
    EXPECT_EQ(kind(2048), std::pair(EVP_PKEY_RSA, 2048));
}

TEST(SigningRequest, NamesTheChargePointAndIsSignedByItsKey) {
    const auto made = make_signing_request("CP-1", "Volt & Co").value();
    BIO* bio = BIO_new_mem_buf(made.csr.data(), static_cast<int>(made.csr.size()));
    X509_REQ* request = PEM_read_bio_X509_REQ(bio, nullptr, nullptr, nullptr);
    ASSERT_NE(request, nullptr);
    EXPECT_EQ(X509_REQ_verify(request, X509_REQ_get0_pubkey(request)), 1);
    char* subject = X509_NAME_oneline(X509_REQ_get_subject_name(request), nullptr, 0);
    EXPECT_STREQ(subject, "/O=Volt & Co/CN=CP-1");
    OPENSSL_free(subject);
    EXPECT_EQ(EVP_PKEY_eq(X509_REQ_get0_pubkey(request), read_key(made.key.reveal()).value().get()), 1);
    X509_REQ_free(request);
    BIO_free(bio);
}

}  // namespace
}  // namespace busbar::gateway
