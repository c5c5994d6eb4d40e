// SPDX-License-Identifier: Apache-2.0
// SendLocalList, rule by rule (OCPP 1.6 sections 3.5.2 and 5.15; R87; TC_042, TC_043).
#include "ocpp/local_list.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "tests/ocpp/fake_store.hpp"

namespace busbar::ocpp {
namespace {

using test::FakeStore;
using enum AuthorizationStatus;

constexpr auto full = UpdateType::Full;
constexpr auto differential = UpdateType::Differential;
constexpr auto accepted = UpdateStatus::Accepted;
constexpr auto failed = UpdateStatus::Failed;
constexpr auto mismatch = UpdateStatus::VersionMismatch;

AuthorizationData entry(std::string_view tag, AuthorizationStatus status = Accepted) {
    return {tag, IdTagInfo{std::nullopt, std::nullopt, status}};
}

AuthorizationData removal(std::string_view tag) {
    return {tag, std::nullopt};
}

std::vector<AuthorizationData> entries(int count) {
    std::vector<AuthorizationData> made;
    for (int i = 0; i < count; ++i) made.push_back(entry("tag" + std::to_string(i)));
    return made;
}

/// A list, its store, and the rows the last request cost.
struct Bed {
    FakeStore store;
    LocalList list{{}};
    LocalListLimits limits{10, 5};
    std::size_t rows = 0;

    UpdateStatus send(UpdateType type, int version, std::optional<std::vector<AuthorizationData>> elements) {
        Effects effects;
        const auto status = list.update({version, std::move(elements), type}, limits, effects);
        rows = effects.size();
        store.commit(effects);
        return status;
    }
    void power_cut() { list = LocalList(store.load().records); }
    void damage(const std::string& kind, const std::string& key, const std::string& body) {
        store.commit({SaveRecord{{kind, key, body}}});
        power_cut();
    }
};

/// A list with a and b, of version 5.
struct Filled : Bed {
    Filled() { send(full, 5, {{entry("a"), entry("b")}}); }

    [[nodiscard]] bool is_as_before() const {
        const LocalList kept(store.load().records);
        return rows == 0 && list.version() == 5 && list.size() == 2 && list.find("a") != nullptr &&
               list.find("b") != nullptr && kept.version() == 5 && kept.size() == 2;
    }
};

TEST(LocalList, IsEmptyAndOfVersion0AtFirst) {
    const Bed bed;
    EXPECT_EQ(bed.list.version(), 0);
    EXPECT_TRUE(bed.list.intact());
    EXPECT_EQ(bed.list.find("a"), nullptr);
}

TEST(LocalList, AFullReplacesAllThatWasThere) {
    Filled bed;
    EXPECT_EQ(bed.send(full, 6, {{entry("b", Blocked), entry("c")}}), accepted);
    EXPECT_EQ(bed.list.find("a"), nullptr);
    EXPECT_EQ(bed.list.find("b")->status, Blocked);
    EXPECT_NE(bed.list.find("c"), nullptr);
    EXPECT_EQ(bed.list.version(), 6);
}

TEST(LocalList, AFullSetsAnyVersionALowerOneToo) {
    Filled bed;
    EXPECT_EQ(bed.send(full, 2, {{entry("a")}}), accepted);
    EXPECT_EQ(bed.list.version(), 2);
    EXPECT_EQ(bed.send(full, 2, {{entry("b")}}), accepted);
    EXPECT_NE(bed.list.find("b"), nullptr);
}

TEST(LocalList, ADifferentialAddsReplacesAndDeletes) {
    Filled bed;
    EXPECT_EQ(bed.send(differential, 6, {{entry("c"), entry("a", Expired), removal("b")}}), accepted);
    EXPECT_EQ(bed.list.find("a")->status, Expired);
    EXPECT_EQ(bed.list.find("b"), nullptr);
    EXPECT_NE(bed.list.find("c"), nullptr);
    EXPECT_EQ(bed.list.version(), 6);
}

TEST(LocalList, DeletingATagThatIsNotListedIsNoFault) {
    Filled bed;
    EXPECT_EQ(bed.send(differential, 6, {{removal("z")}}), accepted);
    EXPECT_EQ(bed.list.size(), 2U);
}

TEST(LocalList, AnEmptyDifferentialChangesTheVersionAlone) {
    Filled bed;
    EXPECT_EQ(bed.send(differential, 6, std::nullopt), accepted);
    EXPECT_EQ(bed.list.version(), 6);
    EXPECT_EQ(bed.list.size(), 2U);
    EXPECT_EQ(bed.rows, 1U);
    EXPECT_EQ(bed.send(differential, 7, {{}}), accepted);
    EXPECT_EQ(bed.list.version(), 7);
}

TEST(LocalList, ADifferentialThatIsNotNewerIsAmismatch) {
    Filled bed;
    EXPECT_EQ(bed.send(differential, 5, {{entry("c")}}), mismatch);
    EXPECT_TRUE(bed.is_as_before());
    EXPECT_EQ(bed.send(differential, 4, {{entry("c")}}), mismatch);
    EXPECT_TRUE(bed.is_as_before());
}

TEST(LocalList, ListVersion0AndBelowIsNeverValid) {
    Filled bed;
    for (const int version : {0, -1, -2147483647}) {
        EXPECT_EQ(bed.send(full, version, {{entry("c")}}), failed);
        EXPECT_EQ(bed.send(differential, version, {{entry("c")}}), failed);
        EXPECT_TRUE(bed.is_as_before());
    }
}

TEST(LocalList, AFullWithAnElementToDeleteFails) {
    Filled bed;
    EXPECT_EQ(bed.send(full, 6, {{entry("c"), removal("a")}}), failed);
    EXPECT_TRUE(bed.is_as_before());
}

TEST(LocalList, ATagTwiceInOneRequestFailsInAnyCase) {
    Filled bed;
    for (const auto type : {full, differential}) {
        EXPECT_EQ(bed.send(type, 6, {{entry("c"), entry("d"), entry("C")}}), failed);
        EXPECT_TRUE(bed.is_as_before());
    }
    EXPECT_EQ(bed.send(differential, 6, {{removal("A"), entry("a")}}), failed);
    EXPECT_TRUE(bed.is_as_before());
}

TEST(LocalList, AnEmptyTagFails) {
    Filled bed;
    EXPECT_EQ(bed.send(full, 6, {{entry("")}}), failed);
    EXPECT_TRUE(bed.is_as_before());
}

TEST(LocalList, ARequestLongerThanSendLocalListMaxLengthFails) {
    Filled bed;
    bed.limits = {3, 100};
    EXPECT_EQ(bed.send(full, 6, entries(4)), failed);
    EXPECT_TRUE(bed.is_as_before());
    EXPECT_EQ(bed.send(differential, 6, entries(4)), failed);
    EXPECT_TRUE(bed.is_as_before());
    EXPECT_EQ(bed.send(differential, 6, entries(3)), accepted);
}

TEST(LocalList, AListLongerThanLocalAuthListMaxLengthFails) {
    Filled bed;
    EXPECT_EQ(bed.send(full, 6, entries(6)), failed);
    EXPECT_TRUE(bed.is_as_before());
    EXPECT_EQ(bed.send(differential, 6, entries(4)), failed);
    EXPECT_TRUE(bed.is_as_before());
    EXPECT_EQ(bed.send(differential, 6, entries(3)), accepted);
    EXPECT_EQ(bed.list.size(), 5U);
}

TEST(LocalList, WhatLeavesAndWhatIsReplacedMakesRoomInTheSameRequest) {
    Filled bed;
    bed.send(full, 6, entries(5));
    EXPECT_EQ(bed.send(differential, 7, {{entry("new"), removal("TAG3"), entry("tag1", Blocked)}}), accepted);
    EXPECT_EQ(bed.list.size(), 5U);
    EXPECT_EQ(bed.send(full, 8, entries(5)), accepted);
}

TEST(LocalList, IsOfVersion0WheneverItIsEmpty) {
    Filled bed;
    EXPECT_EQ(bed.send(full, 6, std::nullopt), accepted);
    EXPECT_EQ(bed.list.version(), 0);
    EXPECT_EQ(bed.list.size(), 0U);
    EXPECT_TRUE(bed.store.load().records.empty());
    EXPECT_EQ(bed.send(differential, 1, {{entry("a")}}), accepted);
    EXPECT_EQ(bed.list.version(), 1);
    EXPECT_EQ(bed.send(differential, 2, {{removal("A")}}), accepted);
    EXPECT_EQ(bed.list.version(), 0);
    EXPECT_TRUE(bed.store.load().records.empty());
    EXPECT_EQ(bed.send(full, 3, {{}}), accepted);
    EXPECT_EQ(bed.list.version(), 0);
}

TEST(LocalList, ComparesTagsWithoutCase) {
    Filled bed;
    bed.send(differential, 6, {{entry("CaRd", Blocked)}});
    EXPECT_EQ(bed.list.find("cArD")->status, Blocked);
    bed.send(differential, 7, {{entry("CARD", Invalid)}});
    EXPECT_EQ(bed.list.find("card")->status, Invalid);
    EXPECT_EQ(bed.list.size(), 3U);
    bed.send(differential, 8, {{removal("card")}});
    EXPECT_EQ(bed.list.find("CaRd"), nullptr);
}

TEST(LocalList, AnExpiredEntryStays) {
    Bed bed;
    constexpr UtcTime past = std::chrono::sys_days(std::chrono::year(2020) / 1 / 1);
    bed.send(full, 1, {{{"old", IdTagInfo{past, std::nullopt, Accepted}}}});
    EXPECT_EQ(bed.list.find("old")->expiryDate, past);
}

TEST(LocalList, ComesBackFromTheStore) {
    Filled bed;
    bed.send(differential, 9, {{entry("c", Blocked), removal("a")}});
    bed.power_cut();
    EXPECT_TRUE(bed.list.intact());
    EXPECT_EQ(bed.list.version(), 9);
    EXPECT_EQ(bed.list.size(), 2U);
    EXPECT_EQ(bed.list.find("C")->status, Blocked);
    bed.send(full, 10, std::nullopt);
    bed.power_cut();
    EXPECT_TRUE(bed.list.intact());
    EXPECT_EQ(bed.list.version(), 0);
}

TEST(LocalList, WritesWhatDiffersAlone) {
    Bed bed;
    bed.limits = {1000, 1000};
    auto thousand = entries(1000);
    bed.send(full, 1, thousand);
    EXPECT_EQ(bed.rows, 1001U);
    bed.send(full, 1, thousand);
    EXPECT_EQ(bed.rows, 0U);
    bed.send(full, 2, thousand);
    EXPECT_EQ(bed.rows, 1U);
    thousand[7].idTagInfo->status = Blocked;
    thousand.pop_back();
    bed.send(full, 3, thousand);
    EXPECT_EQ(bed.rows, 3U);
    bed.power_cut();
    bed.send(full, 3, thousand);
    EXPECT_EQ(bed.rows, 0U);
}

TEST(LocalList, DamagedItKeepsWhatIsLeftSaysVersion0AndTakesAFullOnly) {
    Filled bed;
    bed.damage("local_list", "a", "{\"idTag\":\"a");
    EXPECT_FALSE(bed.list.intact());
    EXPECT_EQ(bed.list.version(), 0);
    EXPECT_EQ(bed.list.find("a"), nullptr);
    EXPECT_NE(bed.list.find("b"), nullptr);
    EXPECT_EQ(bed.send(differential, 6, {{entry("c")}}), mismatch);
    EXPECT_EQ(bed.rows, 0U);

    EXPECT_EQ(bed.send(full, 7, {{entry("b")}}), accepted);
    EXPECT_FALSE(bed.store.has_record("local_list", "a"));
    bed.power_cut();
    EXPECT_TRUE(bed.list.intact());
    EXPECT_EQ(bed.list.version(), 7);
    EXPECT_EQ(bed.send(differential, 8, {{entry("c")}}), accepted);
}

TEST(LocalList, NoticesAMissingEntryByTheirNumber) {
    Filled bed;
    bed.store.commit({EraseRecord{"local_list", "a"}});
    bed.power_cut();
    EXPECT_FALSE(bed.list.intact());
    EXPECT_EQ(bed.list.version(), 0);
}

TEST(LocalList, NoticesADamagedOrMissingVersion) {
    for (const auto* body : {"", "{", "7", R"({"version":5})", R"({"version":0,"entries":2})",
                             R"({"version":-5,"entries":2})", R"({"version":5,"entries":-2})"}) {
        Filled bed;
        bed.damage("local_list_version", "version", body);
        EXPECT_FALSE(bed.list.intact()) << body;
        EXPECT_EQ(bed.list.version(), 0) << body;
        EXPECT_EQ(bed.list.size(), 2U);
        EXPECT_EQ(bed.send(full, 5, {{entry("a"), entry("b")}}), accepted);
        EXPECT_EQ(bed.rows, 1U);
        bed.power_cut();
        EXPECT_EQ(bed.list.version(), 5);
    }
    Filled bed;
    bed.store.commit({EraseRecord{"local_list_version", "version"}});
    bed.power_cut();
    EXPECT_FALSE(bed.list.intact());
}

TEST(LocalList, ADamagedOneThatIsEmptiedIsEmptyInTheStoreToo) {
    Filled bed;
    bed.damage("local_list", "b", "");
    EXPECT_EQ(bed.send(full, 6, std::nullopt), accepted);
    EXPECT_TRUE(bed.store.load().records.empty());
    EXPECT_TRUE(bed.list.intact());
}

/// What the list should be, worked out on a plain map.
struct Model {
    std::map<std::string, AuthorizationStatus> entries;
    int version = 0;

    UpdateStatus apply(const SendLocalListReq& request, const LocalListLimits& limits) {
        const auto& elements = *request.localAuthorizationList;
        const bool whole = request.updateType == full;
        if (request.listVersion <= 0) return failed;
        if (!whole && request.listVersion <= version) return mismatch;
        auto next = whole ? std::map<std::string, AuthorizationStatus>{} : entries;
        std::map<std::string, int> times;
        for (const auto& [tag, info] : elements) {
            const std::string name = folded(tag.str());
            if (++times[name] > 1 || (whole && !info)) return failed;
            if (info) next[name] = info->status;
            if (!info) next.erase(name);
        }
        if (elements.size() > limits.request || next.size() > limits.list) return failed;
        entries = next;
        version = entries.empty() ? 0 : request.listVersion;
        return accepted;
    }

    [[nodiscard]] bool matches(const LocalList& list) const {
        return list.intact() && list.version() == version && list.size() == entries.size() &&
               std::all_of(entries.begin(), entries.end(), [&](const auto& one) {
                   return list.find(one.first) != nullptr && list.find(one.first)->status == one.second;
               });
    }
};

SendLocalListReq any_request() {
    SendLocalListReq request{*rc::gen::inRange(-1, 8), {{}}, *rc::gen::element(full, differential)};
    const int count = *rc::gen::inRange(0, 5);
    for (int i = 0; i < count; ++i) {
        const auto tag = *rc::gen::element<std::string>("a", "A", "b", "c", "d", "e", "f", "g");
        const bool gone = *rc::gen::inRange(0, 4) == 0;
        request.localAuthorizationList->push_back(gone ? removal(tag)
                                                       : entry(tag, *rc::gen::element(Accepted, Blocked)));
    }
    return request;
}

TEST(LocalList, AnyRequestsGiveWhatTheyWouldOnAPlainMapHereAndInTheStore) {
    EXPECT_TRUE(rc::check("against a plain map", [] {
        Bed bed;
        bed.limits = {4, 4};
        Model model;
        for (int i = 0; i < 30; ++i) {
            const auto request = any_request();
            const auto wanted = model.apply(request, bed.limits);
            RC_ASSERT(bed.send(request.updateType, request.listVersion, request.localAuthorizationList) ==
                      wanted);
            RC_ASSERT(wanted == accepted || bed.rows == 0);
            RC_ASSERT(model.matches(bed.list));
            RC_ASSERT(model.matches(LocalList(bed.store.load().records)));
        }
    }));
}

}  // namespace
}  // namespace busbar::ocpp
