// SPDX-License-Identifier: Apache-2.0
// The keys, certificates and roots of a charge point: what is kept, what a power cut leaves, and what the
// next dial shows.
#include "gateway/certificates/certificate_book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "gateway/atomic_file.hpp"
#include "gateway/certificates/certificate_checks.hpp"
#include "gateway/certificates/link_credentials.hpp"
#include "gateway/certificates/signing_request.hpp"
#include "parties.hpp"

namespace busbar::gateway {
namespace {

using ocpp::CertificateSignedStatus, ocpp::CertificateUse, ocpp::DeleteCertificateStatus, ocpp::HashAlgorithm,
    ocpp::InstallCertificateStatus;
using testing::day, testing::leaf, testing::make, testing::now, testing::Party;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Wish = testing::PartyWish;

class CertificateBookTest : public ::testing::Test {
  protected:
    CertificateBookTest() {
        std::string name = ::testing::TempDir() + "busbar-book-XXXXXX";
        dir = mkdtemp(name.data());
        file = kept_certificates_file(dir + "/certificates", "../CP 1");
        open();
    }
    ~CertificateBookTest() override { std::filesystem::remove_all(dir); }

    void open() {
        book.emplace(file, BookRules{[this] { return time; }, [this] { return revoked; }, one_root}, Log());
    }
    ocpp::InstallVerdict install(const Party& party,
                                 CertificateUse use = CertificateUse::CentralSystemRootCertificate) {
        return book->install(use, party.pem());
    }
    DeleteCertificateStatus remove(const Party& party) {
        return book->remove(hash_data(*party.certificate, *party.certificate, HashAlgorithm::SHA384));
    }
    /// What the central system's authority makes of a new request of ours.
    Party signed_certificate(const Wish& wish = leaf()) { return signed_by(root, wish); }
    Party signed_by(const Party& issuer, const Wish& wish = leaf()) {
        const auto request = make_signing_request("CP1", "").value();
        EXPECT_TRUE(book->keep_request_key(request.key));
        const auto key = read_key(request.key.reveal());
        return make(wish, &issuer, key->get());
    }
    CertificateSignedStatus accept(const Party& party) { return book->accept({party.pem()}).status; }

    std::string dir;
    std::string file;
    UtcTime time = now;
    Revoked revoked;
    bool one_root = false;
    std::optional<CertificateBook> book;
    const Party root = make({});
};

TEST_F(CertificateBookTest, LiesInAFolderOfItsOwnWhateverTheIdHolds) {
    EXPECT_EQ(file, dir + "/certificates/%2E%2E%2FCP%201.json");
    install(root);
    struct stat facts {};
    ASSERT_EQ(::stat(file.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    ASSERT_EQ(::stat((dir + "/certificates").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0700U);
}

TEST_F(CertificateBookTest, ListsWhatWasInstalledByItsUseAndAfterARestart) {
    EXPECT_EQ(install(root).status, InstallCertificateStatus::Accepted);
    EXPECT_EQ(install(root).status, InstallCertificateStatus::Accepted);
    const Party maker = make({.name = "Maker"});
    EXPECT_EQ(install(maker, CertificateUse::ManufacturerRootCertificate).status,
              InstallCertificateStatus::Accepted);
    open();
    EXPECT_THAT(book->installed(CertificateUse::CentralSystemRootCertificate), SizeIs(1));
    EXPECT_THAT(book->installed(CertificateUse::ManufacturerRootCertificate), SizeIs(1));
    EXPECT_THAT(*book->link_roots(), SizeIs(1));
}

TEST_F(CertificateBookTest, DeletesByAnyHashButNotTheRootThatTheLinkHangsOn) {
    install(root);
    book->verified_by({"its own", describe(*root.certificate).sha256});
    EXPECT_EQ(remove(root), DeleteCertificateStatus::Failed);
    book->verified_by({"its own", "another"});
    EXPECT_EQ(remove(root), DeleteCertificateStatus::Accepted);
    EXPECT_EQ(remove(root), DeleteCertificateStatus::NotFound);
    open();
    EXPECT_THAT(book->installed(CertificateUse::CentralSystemRootCertificate), IsEmpty());
}

TEST_F(CertificateBookTest, RefusesWhatIsNoRootAndOneTooMany) {
    const auto verdict = book->install(CertificateUse::CentralSystemRootCertificate, "no");
    EXPECT_EQ(verdict.status, InstallCertificateStatus::Rejected);
    EXPECT_TRUE(verdict.bad_root);
    for (std::size_t i = 0; i < CertificateBook::most_roots; ++i)
        EXPECT_EQ(install(make({.name = "Root " + std::to_string(i)})).status,
                  InstallCertificateStatus::Accepted);
    EXPECT_EQ(install(root).status, InstallCertificateStatus::Rejected);
    EXPECT_FALSE(install(root).bad_root);
}

TEST_F(CertificateBookTest, PromisesNothingThatTheDiskDoesNotTake) {
    file = dir + "/certificates/none/CP1.json";
    open();
    EXPECT_EQ(install(root).status, InstallCertificateStatus::Failed);
    EXPECT_THAT(*book->link_roots(), IsEmpty());
}

TEST_F(CertificateBookTest, TakesACertificateForTheKeyOfItsRequestAlone) {
    EXPECT_EQ(accept(signed_certificate()), CertificateSignedStatus::Rejected) << "no root";
    install(root);
    EXPECT_EQ(accept(make(leaf(), &root)), CertificateSignedStatus::Rejected) << "another's key";
    const Party first = signed_certificate();
    const Party second = signed_certificate();
    EXPECT_EQ(accept(first), CertificateSignedStatus::Rejected) << "of a request that is forgotten";
    EXPECT_EQ(accept(second), CertificateSignedStatus::Accepted);
    ASSERT_NE(book->next(), nullptr);
    EXPECT_EQ(book->client(), nullptr);
}

TEST_F(CertificateBookTest, KeepsTheOldCertificateUntilTheNewOneHasWorked) {
    install(root);
    accept(signed_certificate());
    book->promote();
    const auto first = book->client()->not_after;
    Wish longer = leaf();
    longer.until = now + 500 * day;
    EXPECT_EQ(accept(signed_certificate(longer)), CertificateSignedStatus::Accepted);
    open();
    EXPECT_EQ(book->client()->not_after, first);
    EXPECT_EQ(book->next()->not_after, longer.until);
    book->promote();
    open();
    EXPECT_EQ(book->client()->not_after, longer.until);
    EXPECT_EQ(book->next(), nullptr);
}

TEST_F(CertificateBookTest, TakesAPairByHandThatLeadsToNoRoot) {
    const Party stranger = make({.name = "Stranger"});
    const Party mine = make(leaf(), &stranger);
    const auto bring = [&](const Party& party, const Party& key) {
        return book->bring(party.pem(), write_key(*key.key));
    };
    EXPECT_FALSE(bring(mine, stranger)) << "another's key";
    Wish past = leaf();
    past.until = now - day;
    const Party expired = make(past);
    EXPECT_FALSE(bring(expired, expired));
    Wish server = leaf();
    server.usage = "serverAuth";
    const Party other = make(server);
    EXPECT_FALSE(bring(other, other));
    Wish weak = leaf();
    weak.rsa_bits = 1024;
    const Party small = make(weak);
    EXPECT_FALSE(bring(small, small));
    EXPECT_EQ(book->next(), nullptr);
    EXPECT_TRUE(bring(mine, mine));
    open();
    ASSERT_NE(book->next(), nullptr);
    EXPECT_EQ(describe(*book->next()->chain.front()).sha256, describe(*mine.certificate).sha256);
}

TEST_F(CertificateBookTest, TakesARootOutByItsFingerprint) {
    install(root);
    const Party maker = make({.name = "Maker"});
    install(maker, CertificateUse::ManufacturerRootCertificate);
    const auto fingerprint = describe(*maker.certificate).sha256;
    EXPECT_EQ(book->remove("AB:CD"), DeleteCertificateStatus::NotFound);
    EXPECT_EQ(book->remove(fingerprint), DeleteCertificateStatus::Accepted);
    EXPECT_THAT(book->roots(CertificateUse::ManufacturerRootCertificate), IsEmpty());
    EXPECT_THAT(book->roots(CertificateUse::CentralSystemRootCertificate), SizeIs(1));
}

TEST_F(CertificateBookTest, IsWholeWhereverThePowerFailsWhileItIsWritten) {
    install(root);
    const auto before = file_content(file);
    install(make({.name = "Second"}));
    const auto after = file_content(file);
    for (std::size_t length = 0; length <= after.size(); length += 97) {
        std::ofstream(file) << before;  // the cut came before the rename
        std::ofstream(file + ".new") << after.substr(0, length);
        open();
        EXPECT_THAT(*book->link_roots(), SizeIs(1));
    }
    EXPECT_EQ(install(make({.name = "Third"})).status, InstallCertificateStatus::Accepted);
    open();
    EXPECT_THAT(*book->link_roots(), SizeIs(2));
}

TEST_F(CertificateBookTest, PutsADamagedFileAside) {
    install(root);
    std::ofstream(file) << "{\"client\":";
    open();
    EXPECT_THAT(*book->link_roots(), IsEmpty());
    EXPECT_EQ(::access((file + ".damaged").c_str(), F_OK), 0);
}

class OneRootTest : public CertificateBookTest {
  protected:
    OneRootTest() {
        one_root = true;
        open();
    }
    /// By name, as the link trusts them.
    std::vector<std::string> trusted() {
        std::vector<std::string> names;
        for (const auto& one : *book->link_roots()) names.push_back(describe(*one).subject);
        return names;
    }
    std::string fingerprint(const Party& party) { return describe(*party.certificate).sha256; }

    const Party second = make({.name = "Second"}, &root);
    const Party third = make({.name = "Third"}, &second);
};

TEST_F(OneRootTest, IsFollowedByOneThatItSignedAlone) {
    EXPECT_EQ(install(root).status, InstallCertificateStatus::Accepted) << "the first is signed by itself";
    const auto verdict = install(make({.name = "Stranger"}));
    EXPECT_EQ(verdict.status, InstallCertificateStatus::Rejected);
    EXPECT_TRUE(verdict.bad_root);
    EXPECT_THAT(trusted(), ElementsAre("CN=Root"));
    EXPECT_EQ(install(make({.name = "Maker"}), CertificateUse::ManufacturerRootCertificate).status,
              InstallCertificateStatus::Accepted)
        << "of makers there may be several";
}

TEST_F(OneRootTest, StaysBesideTheNewOneUntilThatHasWorked) {
    install(root);
    EXPECT_EQ(install(second).status, InstallCertificateStatus::Accepted);
    open();
    EXPECT_THAT(trusted(), ElementsAre("CN=Second", "CN=Root"));
    book->verified_by({"its own", fingerprint(root)});
    EXPECT_THAT(trusted(), SizeIs(2)) << "the central system has not changed over";
    book->verified_by({"its own", fingerprint(second), fingerprint(root)});
    EXPECT_THAT(trusted(), ElementsAre("CN=Second"));
    open();
    EXPECT_THAT(trusted(), ElementsAre("CN=Second"));
    EXPECT_EQ(accept(signed_by(second)), CertificateSignedStatus::Accepted) << "an anchor, whoever signed it";
}

TEST_F(OneRootTest, OfTwoThatHaveNotWorkedTheNewerStaysBesideWhatHas) {
    install(root);
    install(second);
    EXPECT_EQ(install(third).status, InstallCertificateStatus::Accepted);
    EXPECT_THAT(trusted(), ElementsAre("CN=Third", "CN=Root"));
    EXPECT_EQ(install(root).status, InstallCertificateStatus::Accepted) << "the way back";
    EXPECT_THAT(trusted(), ElementsAre("CN=Root"));
}

TEST_F(OneRootTest, IsNamedByTheKeyOfWhoeverSignedItAlsoWithoutThatOne) {
    install(root);
    install(second);
    const auto wanted = hash_data(*second.certificate, *root.certificate, HashAlgorithm::SHA256);
    book->verified_by({"its own", fingerprint(second), fingerprint(root)});
    open();
    const auto listed = book->installed(CertificateUse::CentralSystemRootCertificate);
    ASSERT_THAT(listed, SizeIs(1));
    EXPECT_TRUE(is_same(listed.front(), wanted));
    EXPECT_EQ(book->remove(wanted), DeleteCertificateStatus::Accepted);
}

class LinkCredentialsTest : public CertificateBookTest {
  protected:
    /// "2", "3 old", "3 new"
    std::string next() {
        const auto identity = credentials->next();
        std::string text = std::to_string(identity->security_profile);
        if (identity->client) text += identity->client == book->next() ? " new" : " old";
        return text;
    }
    void hold(bool old_one, bool new_one) {
        install(root);
        if (old_one) {
            accept(signed_certificate());
            book->promote();
        }
        if (new_one) accept(signed_certificate());
        credentials.emplace(
            *book, [this] { return time; }, Log());
    }
    void refuse(LinkCause cause = LinkCause::closed) { credentials->failed({cause, "", 0}); }

    std::optional<LinkCredentials> credentials;
};

TEST_F(LinkCredentialsTest, ShowThePasswordAlone) {
    hold(true, true);
    EXPECT_EQ(next(), "2");
    refuse();
    EXPECT_EQ(next(), "2");
}

TEST_F(LinkCredentialsTest, TryTheNewCertificateThenTheOldThenThePassword) {
    hold(true, true);
    credentials->use(3, 2);
    EXPECT_EQ(next(), "3 new");
    refuse();
    EXPECT_EQ(next(), "3 old");
    refuse(LinkCause::http_401);
    EXPECT_EQ(next(), "2");
    refuse(LinkCause::http_other);
    EXPECT_EQ(next(), "3 new");
}

TEST_F(LinkCredentialsTest, AreNotRefusedByAWayThatDoesNotLeadThere) {
    hold(true, true);
    credentials->use(3, 2);
    for (const auto cause : {LinkCause::dns, LinkCause::refused, LinkCause::unreachable, LinkCause::timeout,
                             LinkCause::unknown_ca, LinkCause::expired, LinkCause::no_pong}) {
        EXPECT_EQ(next(), "3 new");
        refuse(cause);
    }
    EXPECT_EQ(next(), "3 new");
}

TEST_F(LinkCredentialsTest, PutTheNewCertificateInThePlaceOfTheOldOnceItHasWorked) {
    hold(true, true);
    credentials->use(3, std::nullopt);
    EXPECT_EQ(next(), "3 new");
    credentials->worked({"root"});
    EXPECT_EQ(book->next(), nullptr);
    EXPECT_EQ(next(), "3 old");
    EXPECT_EQ(credentials->facts().profile, 3);
    EXPECT_EQ(credentials->complaint(), "");
}

TEST_F(LinkCredentialsTest, StayWithTheOldCertificateWhereTheNewOneIsRefused) {
    hold(true, true);
    credentials->use(3, std::nullopt);
    next();
    refuse();
    EXPECT_EQ(next(), "3 old");
    credentials->worked({"root"});
    EXPECT_EQ(next(), "3 old");
    EXPECT_THAT(credentials->complaint(), HasSubstr("does not take the new certificate"));
}

TEST_F(LinkCredentialsTest, WaitForACertificateThatBeginsLater) {
    hold(true, false);
    Wish later = leaf();
    later.from = now + 2 * day;
    accept(signed_certificate(later));
    credentials->use(3, std::nullopt);
    EXPECT_EQ(next(), "3 old");
    EXPECT_EQ(credentials->facts().waiting_from, later.from);
    time = later.from + seconds(1);
    EXPECT_EQ(next(), "3 new");
    EXPECT_EQ(credentials->facts().waiting_from, std::nullopt);
}

TEST_F(LinkCredentialsTest, NeverGoBackToThePasswordOnceTheCertificateHasWorked) {
    hold(true, false);
    credentials->use(3, std::nullopt);
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(next(), "3 old");
        refuse();
    }
}

}  // namespace
}  // namespace busbar::gateway
