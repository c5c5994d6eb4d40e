// SPDX-License-Identifier: Apache-2.0
// Messages of rtnetlink as the kernel writes them.
#include "gateway/uplink/link_table.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <cstring>
#include <string>
#include <vector>

namespace busbar::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr unsigned up = IFF_UP | IFF_RUNNING | 1U << 16U;  // with IFF_LOWER_UP

class Message {
  public:
    template <class Fixed>
    Message(std::uint16_t type, const Fixed& fixed) : bytes_(NLMSG_LENGTH(0)) {
        header().nlmsg_type = type;
        append(&fixed, sizeof fixed);
    }
    Message& with(unsigned short type, const std::string& payload) {
        const rtattr attribute{static_cast<unsigned short>(RTA_LENGTH(payload.size())), type};
        append(&attribute, sizeof attribute);
        append(payload.data(), payload.size());
        return *this;
    }
    Message& cut(std::size_t bytes) {
        header().nlmsg_len -= static_cast<unsigned>(bytes);
        return *this;
    }
    operator const nlmsghdr&() { return header(); }  // NOLINT(google-explicit-constructor)

  private:
    nlmsghdr& header() { return *reinterpret_cast<nlmsghdr*>(bytes_.data()); }
    void append(const void* data, std::size_t size) {
        const auto at = bytes_.size();
        bytes_.resize(at + NLMSG_ALIGN(size));
        std::memcpy(bytes_.data() + at, data, size);
        header().nlmsg_len = static_cast<unsigned>(at + size);
    }
    std::vector<char> bytes_;
};

Message link(std::uint16_t type, int index, unsigned flags, const std::string& name) {
    ifinfomsg fixed{};
    fixed.ifi_index = index;
    fixed.ifi_flags = flags;
    return Message(type, fixed).with(IFLA_MTU, "1234").with(IFLA_IFNAME, name + '\0');
}

std::string raw(const std::string& address) {
    const int family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
    std::string bytes(family == AF_INET ? 4 : 16, '\0');
    inet_pton(family, address.c_str(), bytes.data());
    return bytes;
}

Message address(std::uint16_t type, unsigned index, const std::string& text,
                unsigned char scope = RT_SCOPE_UNIVERSE, unsigned flags = IFA_F_PERMANENT) {
    ifaddrmsg fixed{};
    fixed.ifa_family = raw(text).size() == 4 ? AF_INET : AF_INET6;
    fixed.ifa_scope = scope;
    fixed.ifa_index = index;
    return Message(type, fixed)
        .with(IFA_ADDRESS, raw(text))
        .with(IFA_FLAGS, std::string(reinterpret_cast<const char*>(&flags), sizeof flags));
}

class LinkTableTest : public testing::Test {
  protected:
    LinkTable table;
    InterfaceFacts eth0() { return table.facts()["eth0"]; }
};

TEST_F(LinkTableTest, AnInterfaceIsThereWithItsCarrierAndAddresses) {
    table.apply(link(RTM_NEWLINK, 2, up, "eth0"));
    table.apply(address(RTM_NEWADDR, 2, "192.0.2.7"));
    table.apply(address(RTM_NEWADDR, 2, "2001:db8::7"));
    EXPECT_TRUE(eth0().usable());
    EXPECT_THAT(eth0().addresses, ElementsAre("192.0.2.7", "2001:db8::7"));
}

TEST_F(LinkTableTest, AddressesMayBeToldBeforeTheirLink) {
    table.apply(address(RTM_NEWADDR, 2, "192.0.2.7"));
    EXPECT_THAT(table.facts(), IsEmpty());
    table.apply(link(RTM_NEWLINK, 2, up, "eth0"));
    EXPECT_TRUE(eth0().usable());
}

TEST_F(LinkTableTest, EachOfThreeFlagsTakesTheCarrier) {
    for (const unsigned flag : {unsigned(IFF_UP), unsigned(IFF_RUNNING), 1U << 16U}) {
        table.apply(link(RTM_NEWLINK, 2, up & ~flag, "eth0"));
        EXPECT_FALSE(eth0().carrier) << flag;
        EXPECT_TRUE(eth0().present);
    }
}

TEST_F(LinkTableTest, WhatGoesIsGone) {
    table.apply(link(RTM_NEWLINK, 2, up, "eth0"));
    table.apply(address(RTM_NEWADDR, 2, "192.0.2.7"));
    table.apply(address(RTM_DELADDR, 2, "192.0.2.7"));
    EXPECT_THAT(eth0().addresses, IsEmpty());
    table.apply(link(RTM_DELLINK, 2, 0, "eth0"));
    EXPECT_THAT(table.facts(), IsEmpty());
}

TEST_F(LinkTableTest, AnInterfaceMayBeRenamed) {
    table.apply(link(RTM_NEWLINK, 2, up, "eth0"));
    table.apply(link(RTM_NEWLINK, 2, up, "lan0"));
    EXPECT_EQ(table.facts().count("eth0"), 0U);
    EXPECT_TRUE(table.facts()["lan0"].present);
}

TEST_F(LinkTableTest, AddressesThatReachNothingOrComeAndGoDoNotCount) {
    table.apply(link(RTM_NEWLINK, 2, up, "eth0"));
    table.apply(address(RTM_NEWADDR, 2, "fe80::1", RT_SCOPE_LINK));
    table.apply(address(RTM_NEWADDR, 2, "169.254.7.7"));
    table.apply(address(RTM_NEWADDR, 2, "2001:db8::1", RT_SCOPE_UNIVERSE, IFA_F_TENTATIVE));
    table.apply(address(RTM_NEWADDR, 2, "2001:db8::2", RT_SCOPE_UNIVERSE, IFA_F_DADFAILED));
    table.apply(address(RTM_NEWADDR, 2, "2001:db8::3", RT_SCOPE_UNIVERSE, IFA_F_TEMPORARY));
    EXPECT_THAT(eth0().addresses, IsEmpty());
    table.apply(address(RTM_NEWADDR, 2, "2001:db8::1"));
    EXPECT_THAT(eth0().addresses, ElementsAre("2001:db8::1")) << "no longer tentative";
}

TEST_F(LinkTableTest, OfAPointToPointLinkOursIsTheLocalAddress) {
    table.apply(link(RTM_NEWLINK, 3, up, "ppp0"));
    table.apply(address(RTM_NEWADDR, 3, "10.64.64.64").with(IFA_LOCAL, raw("10.0.0.5")));
    EXPECT_THAT(table.facts()["ppp0"].addresses, ElementsAre("10.0.0.5"));
}

TEST_F(LinkTableTest, AMessageThatIsCutOffChangesNothing) {
    table.apply(link(RTM_NEWLINK, 2, up, "eth0"));
    for (const std::size_t missing : {4U, 12U, 20U, 24U}) {
        table.apply(address(RTM_NEWADDR, 2, "192.0.2.7").cut(missing));
    }
    table.apply(link(RTM_NEWLINK, 4, up, "eth4").cut(30));
    EXPECT_THAT(eth0().addresses, ElementsAre("192.0.2.7")) << "flags alone may be missing";
    EXPECT_EQ(table.facts().size(), 1U);
}

}  // namespace
}  // namespace busbar::gateway
