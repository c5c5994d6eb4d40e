// SPDX-License-Identifier: Apache-2.0
// Who may sign firmware, and whether a file is signed: with certificates made by the openssl tool for this
// run.
#include "gateway/transfer/file_signature.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace busbar::gateway {
namespace {

/// A little after the certificates were made.
const UtcTime now =
    std::chrono::floor<milliseconds>(std::chrono::system_clock::from_time_t(std::time(nullptr))) +
    std::chrono::hours(1);

/// A folder with a root and certificates below it; gone at the end.
class Makers : public testing::Test {
  protected:
    Makers() {
        std::string name = testing::TempDir() + "busbar-makersXXXXXX";
        folder_ = ::mkdtemp(name.data());
        make(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=maker -days 30 -keyout "
            "root.key -out root.pem");
    }
    ~Makers() override { std::filesystem::remove_all(folder_); }

    void make(const std::string& arguments) const {
        const auto line = "cd " + folder_ + " && openssl " + arguments + " >/dev/null 2>&1";
        ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c,concurrency-mt-unsafe)
    }
    /// A certificate by the root: `key` as openssl req wants it.
    void issue(const std::string& name, const std::string& key, const std::string& usage) const {
        write(name + ".cnf", "keyUsage=" + usage + "\n");
        make("req -new " + key + " -nodes -subj /CN=" + name + " -keyout " + name + ".key -out " + name +
             ".csr");
        make("x509 -req -in " + name +
             ".csr -CA root.pem -CAkey root.key -CAcreateserial -days 10 -extfile " + name + ".cnf -out " +
             name + ".pem");
    }
    void write(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }
    [[nodiscard]] std::string path(const std::string& name) const { return folder_ + '/' + name; }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::stringstream text;
        text << std::ifstream(path(name)).rdbuf();
        return text.str();
    }
    /// Base64 of the file "firmware", signed with `key`.
    [[nodiscard]] std::string sign(const std::string& key, const std::string& options = "") const {
        make("dgst -sha256 " + options + " -sign " + key + " -out signature firmware");
        make("base64 -in signature -out signature.txt");
        return read("signature.txt");
    }

  private:
    std::string folder_;
};

constexpr const char* ec = "-newkey ec -pkeyopt ec_paramgen_curve:P-256";
constexpr const char* pss = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1";

TEST_F(Makers, SignWithEcdsaWithPssAndWithTheOldPadding) {
    issue("curve", ec, "digitalSignature");
    issue("rsa", "-newkey rsa:2048", "digitalSignature");
    write("firmware", std::string(300'000, 'f'));
    EXPECT_TRUE(verify_file(path("firmware"), read("curve.pem"), sign("curve.key")));
    EXPECT_TRUE(verify_file(path("firmware"), read("rsa.pem"), sign("rsa.key", pss)));
    EXPECT_TRUE(verify_file(path("firmware"), read("rsa.pem"), sign("rsa.key")));
}

TEST_F(Makers, AreNotTakenForEachOtherNorOneFileForAnother) {
    issue("curve", ec, "digitalSignature");
    issue("other", ec, "digitalSignature");
    write("firmware", std::string(300'000, 'f'));
    const auto signature = sign("curve.key");
    const auto refused = [&](const std::string& certificate, const std::string& text) {
        const auto verified = verify_file(path("firmware"), certificate, text);
        return !verified && verified.error().code == Errc::invalid;
    };
    EXPECT_TRUE(refused(read("other.pem"), signature));
    for (const char* text : {"", "AAAA", "====", "not base64!!", "AAA"})
        EXPECT_TRUE(refused(read("curve.pem"), text)) << text;
    EXPECT_TRUE(refused("no certificate", signature));
    write("firmware", std::string(299'999, 'f') + 'g');
    EXPECT_TRUE(refused(read("curve.pem"), signature));
    const auto missing = verify_file(path("nothing"), read("curve.pem"), signature);
    EXPECT_EQ(missing.error().code, Errc::io);
}

TEST_F(Makers, AreTrustedByTheirRootInTheirTimeForSigning) {
    issue("good", ec, "digitalSignature");
    issue("cipher", ec, "keyEncipherment");
    const auto roots = read_certificates(read("root.pem")).value();
    EXPECT_TRUE(judge_signer(read("good.pem"), roots, now));
    const auto why = [](const Result<void>& judged) {
        return judged ? std::string() : judged.error().detail;
    };
    EXPECT_NE(why(judge_signer(read("good.pem"), {}, now)).find("no ManufacturerRootCertificate"),
              std::string::npos);
    EXPECT_NE(why(judge_signer(read("good.pem"), roots, now + std::chrono::hours(24 * 11))).find("expired"),
              std::string::npos);
    EXPECT_NE(why(judge_signer(read("good.pem"), roots, now - std::chrono::hours(24))).find("not yet valid"),
              std::string::npos);
    EXPECT_NE(why(judge_signer(read("cipher.pem"), roots, now)).find("digital signature"), std::string::npos);
    EXPECT_NE(why(judge_signer("nonsense", roots, now)).find("no certificate"), std::string::npos);
    make(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=maker -days 30 -keyout "
        "false.key -out false.pem");
    const auto others = read_certificates(read("false.pem")).value();
    EXPECT_FALSE(judge_signer(read("good.pem"), others, now)) << "the same name, another key";
}

}  // namespace
}  // namespace busbar::gateway
