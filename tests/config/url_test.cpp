// SPDX-License-Identifier: Apache-2.0
// URLs of the central system: what is taken apart how, and what is refused with which words.
#include "config/url.hpp"

#include <gtest/gtest.h>

#include "tests/config/problems.hpp"

namespace busbar::config {
namespace {

using testing::HasSubstr;

TEST(Url, IsTakenApart) {
    struct Case {
        const char* text;
        Url url;
    };
    const std::vector<Case> cases{
        {"wss://csms.example", {"csms.example", 443, "", ""}},
        {"wss://csms.example/", {"csms.example", 443, "", ""}},
        {"WSS://csms.example:8443/ocpp/1.6//", {"csms.example", 8443, "/ocpp/1.6", ""}},
        {"wss://192.0.2.1:1/a", {"192.0.2.1", 1, "/a", ""}},
        {"wss://[2001:db8::1]:65535/a", {"2001:db8::1", 65535, "/a", ""}},
        {"wss://[::1]?x=1", {"::1", 443, "", "x=1"}},
        {"wss://h/a%20b;c=@:!$&'()*+,~?q=/?%25", {"h", 443, "/a%20b;c=@:!$&'()*+,~", "q=/?%25"}},
        {"wss://ev_gate.xn--bcher-kva.example/p?", {"ev_gate.xn--bcher-kva.example", 443, "/p", ""}},
    };
    for (const auto& each : cases) {
        const auto url = parse_url(each.text);
        ASSERT_TRUE(url.has_value()) << each.text << ": " << url.error().detail;
        EXPECT_EQ(*url, each.url) << each.text;
    }
}

TEST(Url, IsRefusedWithTheCure) {
    struct Case {
        const char* text;
        const char* words;
    };
    const std::vector<Case> cases{
        {"ws://csms.example/", "ws:// is refused"},
        {"Ws://csms.example/", "ws:// is refused"},
        {"csms.example", "must begin with wss://"},
        {"wss://", "needs a host name"},
        {"wss://?a", "needs a host name"},
        {"wss://-h/", "needs a host name"},
        {"wss://h..i/", "needs a host name"},
        {"wss://b\xc3\xbc"
         "cher.example/",
         "xn--"},
        {"wss://192.0.2.256/", "needs a host name"},
        {"wss://2001:db8::1/", "IPv6 in []"},
        {"wss://[::1/", "closing ']'"},
        {"wss://[::1%eth0]/", "not an IPv6 address"},
        {"wss://[::1]443/", "only ':' and a port"},
        {"wss://h:/", "must be 1 to 65535"},
        {"wss://h:0/", "must be 1 to 65535"},
        {"wss://h:65536/", "must be 1 to 65535"},
        {"wss://h:+1/", "must be 1 to 65535"},
        {"wss://cp:secret@h/", "before '@'"},
        {"wss://h/a#b", "leave out '#'"},
        {"wss://h/a b", "%XX"},
        {"wss://h/a\r\nHost: x", "%XX"},
        {"wss://h/%2", "%XX"},
        {"wss://h/\xc3\xbc", "%XX"},
        {"wss://h/a?b=[c]", "%XX"},
    };
    for (const auto& each : cases) {
        const auto url = parse_url(each.text);
        ASSERT_FALSE(url.has_value()) << each.text;
        EXPECT_THAT(url.error().detail, HasSubstr(each.words)) << each.text;
    }
}

}  // namespace
}  // namespace busbar::config
