// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/certificate_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "gateway/atomic_file.hpp"

namespace busbar::gateway {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr UtcTime noon{std::chrono::seconds(1'772'366'400)};  // 2026-03-01T12:00:00Z

class CertificateStoreTest : public ::testing::Test {
  protected:
    CertificateStoreTest() { fs::remove_all(dir); }
    ~CertificateStoreTest() override { fs::remove_all(dir); }

    CertificateStore make() {
        return {dir, [this] { return now; }, Log()};
    }
    [[nodiscard]] std::string key() const { return file_content(dir + "/key.pem"); }

    std::string dir = testing::TempDir() + "busbar-certificates-" + std::to_string(::getpid());
    UtcTime now = noon;
    OwnNames names{"gateway", {"127.0.0.1", "192.0.2.7", "2001:db8::7", "::1"}};
};

TEST_F(CertificateStoreTest, MakesOneForItsNamesAndAddresses) {
    auto store = make();
    ASSERT_TRUE(store.open(names));
    const auto& facts = store.facts();
    EXPECT_EQ(facts.subject, "CN=gateway");
    EXPECT_THAT(facts.names, UnorderedElementsAre("gateway", "gateway.local", "192.0.2.7", "2001:db8::7"));
    EXPECT_EQ(facts.not_before, noon - 24h);
    EXPECT_EQ(facts.not_after, noon + std::chrono::days(800));
    EXPECT_TRUE(facts.self_signed);
    EXPECT_FALSE(store.trusted());
    EXPECT_EQ(facts.sha256.size(), 95U);
    EXPECT_NE(store.connection(), nullptr);
    for (const char* file : {"/key.pem", "/certificate.pem"}) {
        struct stat status {};
        ASSERT_EQ(::stat((dir + file).c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0600U) << file;
    }
}

TEST_F(CertificateStoreTest, KeepsItOverARestart) {
    auto first = make();
    ASSERT_TRUE(first.open(names));
    auto second = make();
    ASSERT_TRUE(second.open(names));
    EXPECT_EQ(second.facts().sha256, first.facts().sha256);
}

TEST_F(CertificateStoreTest, MakesAnotherWithTheSameKeyWhenAnAddressComes) {
    auto store = make();
    ASSERT_TRUE(store.open(names));
    const auto before = store.facts().sha256;
    const auto old_key = key();
    names.addresses.emplace_back("198.51.100.9");
    store.look(names);
    EXPECT_NE(store.facts().sha256, before);
    EXPECT_THAT(store.facts().names, Contains("198.51.100.9"));
    EXPECT_EQ(key(), old_key);
}

TEST_F(CertificateStoreTest, AnAddressThatGoesChangesNothing) {
    auto store = make();
    ASSERT_TRUE(store.open(names));
    const auto before = store.facts().sha256;
    names.addresses.pop_back();
    names.addresses.pop_back();
    store.look(names);
    EXPECT_EQ(store.facts().sha256, before);
}

TEST_F(CertificateStoreTest, IsRenewedAMonthBeforeItsEndAndWhenTheClockWasWrong) {
    auto store = make();
    ASSERT_TRUE(store.open(names));
    const auto first = store.facts().sha256;
    now = noon + std::chrono::days(769);
    store.look(names);
    EXPECT_EQ(store.facts().sha256, first);
    now = noon + std::chrono::days(771);
    store.look(names);
    const auto second = store.facts().sha256;
    EXPECT_NE(second, first);
    now = noon;
    store.look(names);
    EXPECT_NE(store.facts().sha256, second);
}

TEST_F(CertificateStoreTest, TakesAPairAndOnlyAPair) {
    auto store = make();
    ASSERT_TRUE(store.open(names));
    const auto own = store.facts().sha256;
    const auto one = *make_key();
    const auto other = *make_key();
    const auto brought = *self_signed(one, {"box.example", {}, noon - 1h, noon + std::chrono::days(10)});
    EXPECT_FALSE(store.bring(brought, other));
    EXPECT_FALSE(store.bring("nonsense", one));
    EXPECT_FALSE(store.bring(brought, Secret("nonsense")));
    EXPECT_EQ(store.facts().sha256, own);
    ASSERT_TRUE(store.bring(brought, one));
    EXPECT_THAT(store.facts().names, Contains("box.example"));
    names.addresses.emplace_back("198.51.100.9");
    store.look(names);
    EXPECT_THAT(store.facts().names, Contains("box.example")) << "what was brought is not replaced";
    auto again = make();
    ASSERT_TRUE(again.open(names));
    EXPECT_EQ(again.facts().sha256, store.facts().sha256);
    ASSERT_TRUE(again.forget());
    EXPECT_EQ(again.facts().subject, "CN=gateway");
}

TEST_F(CertificateStoreTest, RefusesOneThatIsNotValidNow) {
    auto store = make();
    ASSERT_TRUE(store.open(names));
    const auto own_key = *make_key();
    const auto over = store.bring(*self_signed(own_key, {"a", {}, noon - 48h, noon - 24h}), own_key);
    ASSERT_FALSE(over);
    EXPECT_THAT(over.error().detail, HasSubstr("not valid now"));
    EXPECT_FALSE(store.bring(*self_signed(own_key, {"a", {}, noon + 24h, noon + 48h}), own_key));
}

TEST_F(CertificateStoreTest, ADamagedFileIsMadeAnew) {
    {
        auto store = make();
        ASSERT_TRUE(store.open(names));
    }
    for (const char* file : {"/certificate.pem", "/key.pem", "/own.pem"}) {
        ASSERT_TRUE(replace_file(dir + file, "rubbish", Durable::no));
        auto store = make();
        ASSERT_TRUE(store.open(names)) << file;
        EXPECT_EQ(store.facts().subject, "CN=gateway");
    }
}

}  // namespace
}  // namespace busbar::gateway
