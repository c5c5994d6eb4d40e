// SPDX-License-Identifier: Apache-2.0
// Bundles as their maker sends them, and as somebody else would like them to be taken.
#include "tests/update/bundles.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "gateway/update/look.hpp"

namespace busbar::update {
namespace {

namespace fs = std::filesystem;
using test::archive;
using test::sign;

const test::KeyPair current = test::key_pair("current", 1);
const test::KeyPair next = test::key_pair("next", 2);
const test::KeyPair stranger = test::key_pair("stranger", 3);
const std::vector<PublicKey> keys{current.open, next.open};
const std::string package(100'001, 'p');

class Bundles : public testing::Test {
  protected:
    Bundles() { fs::create_directories(dir_); }
    ~Bundles() override { fs::remove_all(dir_); }

    [[nodiscard]] std::string put(const std::string& bytes) const {
        const auto path = (dir_ / "bundle").string();
        std::ofstream(path) << bytes;
        return path;
    }
    [[nodiscard]] Judged<Verified> look(const std::string& bytes,
                                        const std::vector<PublicKey>& trusted = keys) const {
        return look_at(*open_plain(AT_FDCWD, put(bytes), largest_bundle), trusted);
    }
    [[nodiscard]] std::string refusal(const std::string& bytes,
                                      const std::vector<PublicKey>& trusted = keys) const {
        const auto judged = look(bytes, trusted);
        return judged ? "" : judged.error().code;
    }

    fs::path dir_ = fs::temp_directory_path() / ("busbar-bundles-" + std::to_string(::getpid()));
};

TEST_F(Bundles, AreTakenFromEitherKey) {
    for (const auto* pair : {&current, &next}) {
        const auto verified = look(test::bundle(package, *pair));
        ASSERT_TRUE(verified);
        EXPECT_EQ(verified->signer, pair->open.name);
        EXPECT_EQ(verified->manifest.version, "0.2.0");
        EXPECT_EQ(test::bundle(package, *pair).substr(verified->package_at, package.size()), package);
    }
}

TEST_F(Bundles, OfAStrangerAreRefused) {
    EXPECT_EQ(refusal(test::bundle(package, stranger)), "bad_signature");
    EXPECT_EQ(refusal(test::bundle(package, next), {current.open}), "bad_signature");
    EXPECT_EQ(refusal(test::bundle(package, current), {}), "no_keys");
}

TEST_F(Bundles, AreRefusedWhenOneByteIsAnother) {
    const auto good = test::bundle(package, current);
    const auto head = good.size() - package.size() - 1;
    for (std::size_t at = 0; at < head; ++at) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        const auto judged = look(bad);
        // ar's date, owner and mode of a member say nothing to us; nor does the blank behind its name.
        if (judged) {
            EXPECT_EQ(judged->manifest, look(good)->manifest) << at;
        }
    }
    for (const std::size_t at : {head, head + package.size() / 2, good.size() - 2}) {
        auto bad = good;
        bad[at] = 'q';
        EXPECT_EQ(refusal(bad), "wrong_hash") << at;
    }
}

TEST_F(Bundles, AreRefusedAtWhateverLengthTheyAreCut) {
    const auto good = test::bundle("short", current);
    for (std::size_t size = 0; size + 1 < good.size(); ++size)
        EXPECT_NE(refusal(good.substr(0, size)), "") << size;
    EXPECT_EQ(refusal(good + '\n'), "bad_bundle");
    EXPECT_EQ(refusal(good + good), "bad_bundle");
}

TEST_F(Bundles, HaveThreeMembersInOneOrder) {
    const auto manifest = test::manifest_text(package);
    const test::Member page{"manifest", manifest};
    const test::Member proof{"manifest.sig", sign(manifest, current)};
    const test::Member content{"package.deb", package};
    ASSERT_EQ(refusal(archive({page, proof, content})), "");
    const std::vector<std::vector<test::Member>> others{
        {page, content, proof},
        {page, proof},
        {proof, page, content},
        {page, page, proof, content},
        {page, proof, content, content},
        {page, proof, content, {"more", "x"}},
        {page, proof, {"../package.deb", package}},
        {page, proof, {"/etc/passwd", package}},
        {{"manifest.", manifest}, proof, content},
        {page, {"manifest.sig", ""}, content},
        {page, {"manifest.sig", sign(manifest, current) + "x"}, content}};
    for (const auto& members : others) EXPECT_EQ(refusal(archive(members)), "bad_bundle");
}

TEST_F(Bundles, OfTwoManifestsOnlyTheSignedOneCounts) {
    const auto manifest = test::manifest_text(package);
    const auto other = test::manifest_text("another package");
    EXPECT_EQ(
        refusal(archive(
            {{"manifest", other}, {"manifest.sig", sign(manifest, current)}, {"package.deb", package}})),
        "bad_signature");
    EXPECT_EQ(refusal(archive(
                  {{"manifest", other}, {"manifest.sig", sign(other, current)}, {"package.deb", package}})),
              "wrong_hash");
    const auto both = manifest + other;
    EXPECT_EQ(refusal(archive(
                  {{"manifest", both}, {"manifest.sig", sign(both, current)}, {"package.deb", package}})),
              "bad_manifest");
}

TEST_F(Bundles, AreBoundedBeforeTheyAreRead) {
    auto huge = archive({{"manifest", std::string(largest_manifest + 1, 'm')}});
    EXPECT_EQ(refusal(huge), "bad_bundle");
    const auto manifest = test::manifest_text(package);
    auto lying = archive(
        {{"manifest", manifest}, {"manifest.sig", sign(manifest, current)}, {"package.deb", package}});
    const auto size_at = lying.find("package.deb/") + 48;
    lying.replace(size_at, 10, "9999999999");
    EXPECT_EQ(refusal(lying), "bad_bundle");
    lying.replace(size_at, 10, "-1        ");
    EXPECT_EQ(refusal(lying), "bad_bundle");
    EXPECT_EQ(refusal(std::string(1000, 'x')), "bad_bundle");
}

TEST_F(Bundles, AreFilesAndNeitherLinksNorPipes) {
    const auto path = put("content");
    const auto link = (dir_ / "link").string();
    fs::create_symlink(path, link);
    EXPECT_EQ(open_plain(AT_FDCWD, link, 100).error().code, Errc::invalid);
    fs::remove(link);
    EXPECT_TRUE(open_plain(AT_FDCWD, path, 100));
    fs::create_hard_link(path, link);
    EXPECT_EQ(open_plain(AT_FDCWD, path, 100).error().code, Errc::invalid);
    fs::remove(link);
    EXPECT_EQ(open_plain(AT_FDCWD, path, 6).error().code, Errc::invalid);
    const auto pipe = (dir_ / "pipe").string();
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(open_plain(AT_FDCWD, pipe, 100).error().code, Errc::invalid);
    EXPECT_EQ(open_plain(AT_FDCWD, dir_.string(), 100).error().code, Errc::invalid);
    fs::create_directory_symlink(dir_, dir_ / "folder");
    EXPECT_FALSE(open_folder(AT_FDCWD, (dir_ / "folder").string()));
}

TEST(Keys, AreReadFromWhatOpensslWrites) {
    // openssl pkey -in key.pem -pubout, of a key that was thrown away.
    const std::string pem =
        "-----BEGIN PUBLIC KEY-----\n"
        "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
        "-----END PUBLIC KEY-----\n";
    const auto key = read_public_key("current", pem);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->bytes.front(), 0x19);
    EXPECT_EQ(key->bytes.back(), 0xe1);
    EXPECT_FALSE(read_public_key("x", pem + pem));
    EXPECT_FALSE(read_public_key("x", pem.substr(1)));
    auto other = pem;
    other.replace(other.find("MCow"), 4, "MCox");
    EXPECT_FALSE(read_public_key("x", other)) << "an X25519 or other key";
    EXPECT_FALSE(read_public_key("x", ""));
}

}  // namespace
}  // namespace busbar::update
