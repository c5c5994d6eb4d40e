// SPDX-License-Identifier: Apache-2.0
// GetLog from the request to the last word, with its request id, across restarts.
#include "ocpp/log_upload.hpp"

#include <gtest/gtest.h>

#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp {
namespace {

using test::FakeStore;
using test::now_at;
using enum UploadLogStatus;

const Error refused{Errc::refused, "no room"};

struct Site {
    DiagnosticsSource source{"SN1", "HTTPS", true};
    GetLogReq wish{{"https://host/logs/", std::nullopt, std::nullopt}, LogType::SecurityLog, 5, 1, 10};
    FakeStore store;
    Effects effects;
    std::vector<LogTold> told;
    std::optional<LogUpload> upload{std::in_place, std::vector<Record>()};

    GetLogConf ask(seconds time = 0s) { return upload->request(wish, source, now_at(time), effects); }
    std::optional<UploadLog> settle(seconds time) {
        auto instruction = upload->settle(now_at(time), effects);
        while (const auto status = upload->take_status(true)) {
            told.push_back(*status);
            upload->on_status_answered(effects);
        }
        store.commit(effects);
        return instruction;
    }
    void done(int attempt, const Result<void>& result, seconds time) {
        upload->on_done(attempt, result, now_at(time), effects);
    }
    void restart() {
        store.commit(effects);
        effects.clear();
        upload.emplace(store.load().records);
    }
    [[nodiscard]] UploadLogStatus last() const { return told.back().status; }
};

TEST(LogUpload, TellsTheRequestWithEachStatusAndForgetsIt) {
    Site site;
    EXPECT_EQ(site.ask().filename->str(), "security-SN1-20261122T120000Z.tar.gz");
    const auto begun = site.settle(0s);
    ASSERT_TRUE(begun);
    EXPECT_TRUE(begun->security);
    site.done(1, {}, 5s);
    site.settle(5s);
    ASSERT_EQ(site.told.size(), 2U);
    EXPECT_EQ(site.told[0].status, Uploading);
    EXPECT_EQ(site.told[1].status, Uploaded);
    EXPECT_EQ(site.told[1].request, 5);
    EXPECT_TRUE(site.store.load().records.empty());
    EXPECT_EQ(site.upload->status().status, Idle);
    EXPECT_FALSE(site.upload->status().requestId);
}

TEST(LogUpload, TriesAgainAfterARestartAndStillKnowsWhoAsked) {
    Site site;
    site.ask();
    site.settle(0s);
    site.restart();
    EXPECT_EQ(site.upload->status().requestId, 5);
    const auto again = site.settle(20s);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->attempt, 2);
    EXPECT_EQ(again->file_name, "security-SN1-20261122T120000Z.tar.gz");
    site.done(2, refused, 21s);
    site.settle(21s);
    EXPECT_EQ(site.last(), UploadFailure);
    EXPECT_EQ(site.told.back().request, 5);
}

TEST(LogUpload, NamesTheKindOfFailureWhereTheWhitepaperHasAWord) {
    const std::vector<std::pair<Errc, UploadLogStatus>> cases{{Errc::invalid, PermissionDenied},
                                                              {Errc::unsupported, NotSupportedOperation},
                                                              {Errc::garbled, BadMessage},
                                                              {Errc::timeout, UploadFailure}};
    for (const auto& [code, status] : cases) {
        Site site;
        site.wish.retries = 0;
        site.ask();
        site.settle(0s);
        site.done(1, Error{code, "why"}, 1s);
        site.settle(1s);
        EXPECT_EQ(site.last(), status);
    }
}

TEST(LogUpload, IsReplacedByAnotherRequestAndHearsNothingOfTheFirst) {
    Site site;
    site.ask();
    site.settle(0s);
    EXPECT_EQ(site.ask().status, LogStatus::Accepted) << "the same request again";
    EXPECT_FALSE(site.settle(0s));
    site.wish.requestId = 6;
    EXPECT_EQ(site.ask(1s).status, LogStatus::AcceptedCanceled);
    EXPECT_TRUE(site.settle(1s));
    site.done(1, {}, 2s);
    site.settle(2s);
    EXPECT_EQ(site.told.back().request, 6);
}

TEST(LogUpload, RejectsALocationItCannotUseAndAnEmptySpan) {
    Site site;
    site.wish.log.remoteLocation = "ftp://host/";
    EXPECT_EQ(site.ask().status, LogStatus::Rejected);
    site.wish.log = {"https://host/", *now_at(10s).utc, *now_at(5s).utc};
    EXPECT_EQ(site.ask().status, LogStatus::Rejected);
    EXPECT_FALSE(site.settle(0s));
    EXPECT_TRUE(site.told.empty());
}

}  // namespace
}  // namespace busbar::ocpp
