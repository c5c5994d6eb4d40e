// SPDX-License-Identifier: Apache-2.0
// Certificates that were taken back: on whose list they must be, and how the file of lists is followed.
#include "gateway/certificates/revocation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "gateway/certificates/certificate_checks.hpp"
#include "gateway/transfer/file_signature.hpp"
#include "parties.hpp"

namespace busbar::gateway {
namespace {

using testing::chain_of, testing::day, testing::leaf, testing::make, testing::now, testing::Party,
    testing::revocation_list;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Wish = testing::PartyWish;

constexpr long serial_of_leaf = 77;
constexpr long serial_of_middle = 88;

class RevocationTest : public ::testing::Test {
  protected:
    static Party under(const Party& issuer, Wish wish, long serial) {
        wish.serial = serial;
        return make(wish, &issuer);
    }
    static Revoked read(const std::string& lists) {
        return std::make_shared<const RevocationLists>(read_revocation_lists(lists).value());
    }
    /// "": accepted.
    std::string refusal(const std::string& lists) const {
        const auto pem = client.pem() + middle.pem();
        const auto chain = read_client_chain(pem, roots, now, read(lists));
        return chain ? "" : chain.error().detail;
    }

    const Party root = make({});
    const Party middle = under(root, {.name = "Middle"}, serial_of_middle);
    const Party client = under(middle, leaf(), serial_of_leaf);
    const Party stranger = make({.name = "Stranger"});
    const Chain roots = chain_of(root);
};

TEST_F(RevocationTest, ConcernsWhomTheIssuersListHas) {
    EXPECT_EQ(refusal(revocation_list(middle, {1, 2})), "");
    EXPECT_THAT(refusal(revocation_list(middle, {serial_of_leaf})), HasSubstr("revoked"));
    EXPECT_EQ(refusal(revocation_list(root, {serial_of_leaf})), "") << "the same number, another's list";
    EXPECT_EQ(refusal(revocation_list(stranger, {serial_of_leaf, serial_of_middle})), "");
}

TEST_F(RevocationTest, ConcernsTheAuthoritiesOfAChainToo) {
    EXPECT_THAT(refusal(revocation_list(root, {serial_of_middle})), HasSubstr("revoked"));
    EXPECT_THAT(refusal(revocation_list(middle, {}) + revocation_list(root, {serial_of_middle})),
                HasSubstr("revoked"));
}

TEST_F(RevocationTest, IsForGoodWhereTheNextListIsOverdue) {
    EXPECT_THAT(refusal(revocation_list(middle, {serial_of_leaf}, now - day)), HasSubstr("revoked"));
    EXPECT_EQ(refusal(revocation_list(middle, {1}, now - day)), "");
}

TEST_F(RevocationTest, ByAListThatSomebodyElseSignedRefusesInAnyCase) {
    const Party fake = make({.name = "Middle"});
    EXPECT_THAT(refusal(revocation_list(fake, {})), HasSubstr("signature"));
}

TEST_F(RevocationTest, OfAnAnchorIsNotAskedOfWhoeverSignedIt) {
    const auto anchors = chain_of(middle);
    const auto chain = read_client_chain(client.pem(), anchors, now, read(revocation_list(root, {1})));
    EXPECT_TRUE(chain) << chain.error().detail;
}

TEST_F(RevocationTest, OfASignerOfFirmwareIsToldApart) {
    Wish signer = leaf();
    signer.usage = "codeSigning";
    signer.key_usage = "digitalSignature";
    const Party maker = under(root, signer, serial_of_leaf);
    EXPECT_TRUE(judge_signer(maker.pem(), roots, now));
    const auto judged = judge_signer(maker.pem(), roots, now, read(revocation_list(root, {serial_of_leaf})));
    ASSERT_FALSE(judged);
    EXPECT_EQ(judged.error().code, Errc::refused);
    EXPECT_EQ(judge_signer(stranger.pem(), roots, now).error().code, Errc::invalid);
}

class RevocationFileTest : public RevocationTest {
  protected:
    RevocationFileTest() { close(mkstemp(file.data())); }
    ~RevocationFileTest() override { std::remove(file.c_str()); }
    void write(const std::string& text) { std::ofstream(file, std::ios::trunc) << text; }

    std::string file = ::testing::TempDir() + "busbar-lists-XXXXXX";
};

TEST_F(RevocationFileTest, HoldsOneListAtLeastWhereOneIsNamed) {
    EXPECT_EQ(RevocationFile::open("")->current(), nullptr);
    for (const std::string text :
         {"", "nonsense", "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"}) {
        write(text);
        EXPECT_FALSE(RevocationFile::open(file)) << text;
    }
    write(revocation_list(root, {}) + "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n");
    EXPECT_FALSE(RevocationFile::open(file)) << "one of two is damaged";
    EXPECT_FALSE(RevocationFile::open("/nowhere"));
    write(client.pem() + revocation_list(root, {}));
    EXPECT_TRUE(RevocationFile::open(file)) << "certificates between them do not count";
}

TEST_F(RevocationFileTest, IsReadAnewWhenItChanges) {
    write(revocation_list(root, {}));
    auto lists = *RevocationFile::open(file);
    EXPECT_EQ(lists.current()->size(), 1U);
    EXPECT_EQ(lists.current(), lists.current()) << "and not else";
    write(revocation_list(root, {1}) + revocation_list(middle, {}));
    EXPECT_EQ(lists.current()->size(), 2U);
}

TEST_F(RevocationFileTest, KeepsItsListsWhereItIsDamagedOrGone) {
    write(revocation_list(root, {}));
    auto lists = *RevocationFile::open(file);
    write("nonsense");
    EXPECT_EQ(lists.current()->size(), 1U);
    EXPECT_THAT(lists.warnings(now), ElementsAre(HasSubstr("crl_file")));
    std::remove(file.c_str());
    EXPECT_EQ(lists.current()->size(), 1U);
    write(revocation_list(root, {}) + revocation_list(middle, {}));
    EXPECT_EQ(lists.current()->size(), 2U);
    EXPECT_THAT(lists.warnings(now), IsEmpty());
}

TEST_F(RevocationFileTest, WarnsOfAnOverdueList) {
    write(revocation_list(root, {}) + revocation_list(middle, {}, now - day));
    auto lists = *RevocationFile::open(file);
    EXPECT_THAT(lists.warnings(now), ElementsAre(HasSubstr("past the date of the next one")));
    EXPECT_THAT(lists.warnings(now - 2 * day), IsEmpty());
}

}  // namespace
}  // namespace busbar::gateway
