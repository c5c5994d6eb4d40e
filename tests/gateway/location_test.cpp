// SPDX-License-Identifier: Apache-2.0
// Which URLs from outside are followed, and what of them may stand in a log.
#include "gateway/transfer/location.hpp"

#include <gtest/gtest.h>

namespace busbar::gateway {
namespace {

const config::Transfers strict;
const std::vector<std::string>& all = strict.schemes;

std::string problem_of(const std::string& address, const config::Transfers& policy = strict) {
    return address_problem(boost::asio::ip::make_address(address), policy).value_or("");
}

TEST(Location, IsTakenApartAsTheLibraryWillUseIt) {
    const auto location = read_location("HTTPS://user:secret@Files.example:8443/a/b?sig=1", all);
    ASSERT_TRUE(location);
    EXPECT_EQ(location->scheme, "https");
    EXPECT_EQ(location->port, 8443);
    EXPECT_EQ(location->path, "/a/b");
    EXPECT_EQ(location->shown(), "https://" + location->host + ":8443");
    EXPECT_EQ(read_location("ftp://[2001:db8::1]/x", all)->shown(), "ftp://[2001:db8::1]:21");
    EXPECT_EQ(read_location("sftp://host", all)->path, "/");
}

TEST(Location, RepeatsNoSecretInItsErrors) {
    for (const char* text :
         {"gopher://user:secret@host/secret", "https://user:secret@/x", "https://user:secret@host:99999/",
          "file:///secret", "https://[fe80::1%25eth0]/secret", "secret"}) {
        const auto location = read_location(text, all);
        ASSERT_FALSE(location) << text;
        EXPECT_EQ(location.error().code, Errc::invalid);
        EXPECT_EQ(location.error().detail.find("secret"), std::string::npos) << location.error().detail;
    }
    EXPECT_FALSE(read_location("http://host/", {"https"}));
    EXPECT_FALSE(read_location(std::string("https://host/\0x", 15), all));
}

TEST(Location, NamesTheFileInItsFolderBeforeAQuery) {
    const auto folder = read_location("https://u:p@host/up/?sig=1", all);
    EXPECT_EQ(file_in(*folder, "a.tar.gz")->url, "https://u:p@host/up/a.tar.gz?sig=1");
    EXPECT_EQ(file_in(*read_location("ftp://host/up", all), "a")->path, "/up/a");
}

TEST(Redirect, StaysWithinHttpAndNeverLeavesTls) {
    const auto secure = *read_location("https://host/a", all);
    const auto plain = *read_location("http://host/a", all);
    EXPECT_TRUE(read_redirect(secure, "https://other/b", all));
    EXPECT_TRUE(read_redirect(plain, "https://other/b", all));
    EXPECT_TRUE(read_redirect(plain, "http://other/b", all));
    for (const char* to : {"http://host/b", "ftp://host/b", "file:///etc/passwd", "sftp://host/b", ""}) {
        EXPECT_FALSE(read_redirect(secure, to, all)) << to;
    }
}

TEST(Address, OfThisGatewayOrOfMetadataIsRefusedHoweverItIsWritten) {
    for (const char* text : {"127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
                             "2002:7f00:1::", "::127.0.0.1"}) {
        EXPECT_NE(problem_of(text).find("transfers.allow_loopback"), std::string::npos) << text;
    }
    for (const char* text :
         {"169.254.169.254", "fe80::1", "::ffff:169.254.1.1", "100.100.100.200", "fd00:ec2::254"}) {
        EXPECT_NE(problem_of(text).find("transfers.allow_link_local"), std::string::npos) << text;
    }
    for (const char* text :
         {"0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "255.255.255.255", "ff02::1", "240.0.0.1"}) {
        EXPECT_NE(problem_of(text), "") << text;
    }
    for (const char* text : {"192.0.2.7", "10.0.0.1", "2001:db8::1", "::ffff:192.0.2.7", "100.64.0.1"}) {
        EXPECT_EQ(problem_of(text), "") << text;
    }
}

TEST(Address, MayBeAllowedButNeverNobodys) {
    config::Transfers open;
    open.allow_loopback = open.allow_link_local = true;
    EXPECT_EQ(problem_of("127.0.0.1", open), "");
    EXPECT_EQ(problem_of("169.254.169.254", open), "");
    EXPECT_NE(problem_of("0.0.0.0", open), "");
}

}  // namespace
}  // namespace busbar::gateway
