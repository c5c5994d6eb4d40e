// SPDX-License-Identifier: Apache-2.0
// GetDiagnostics from the request to the last status.
#include "ocpp/diagnostics_upload.hpp"

#include <gtest/gtest.h>

#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp {
namespace {

using test::FakeStore;
using test::now_at;
using Statuses = std::vector<DiagnosticsStatus>;
using enum DiagnosticsStatus;

constexpr const char* file_name = "diagnostics-CP0001-20261122T120000Z.tar.gz";
const Error unreachable{Errc::unreachable, "no route to host"};

/// An upload with its store and a link that answers at once while `online`.
struct Site {
    GetDiagnosticsReq request{"ftp://user:secret@host/dir", std::nullopt, std::nullopt, std::nullopt,
                              std::nullopt};
    DiagnosticsSource source{"CP0001", "FTP,HTTPS"};
    bool online = true;
    Statuses told;
    FakeStore store;
    Effects effects;
    std::optional<DiagnosticsUpload> upload{std::in_place, std::vector<Record>()};

    std::string ask(seconds time = 0s) {
        const auto conf = upload->request(request, source, now_at(time), effects);
        return conf.fileName ? conf.fileName->str() : "";
    }
    /// Attempt number of the upload to start, 0: none.
    int settle(seconds time) {
        const auto started = upload->settle(now_at(time), effects);
        if (started) last = *started;
        tell();
        store.commit(effects);
        const auto next = upload->next_deadline();
        EXPECT_TRUE(!next || *next > now_at(time).steady);
        return started ? started->attempt : 0;
    }
    void done(int attempt, const Result<void>& result, seconds time) {
        upload->on_done(attempt, result, now_at(time), effects);
    }
    void tell() {
        while (const auto status = upload->take_status(online)) {
            told.push_back(*status);
            upload->on_status_answered(effects);
        }
    }
    void restart() {
        store.commit(effects);
        effects.clear();
        upload.emplace(store.load().records);
    }

    UploadDiagnostics last;
};

TEST(DiagnosticsFileName, ComesFromTheSerialAndTheTime) {
    const auto utc = now_at(0s).utc;
    EXPECT_EQ(archive_name("diagnostics-", "CP0001", utc), file_name);
    EXPECT_EQ(archive_name("diagnostics-", "CP0001", std::nullopt), "diagnostics-CP0001.tar.gz");
    EXPECT_EQ(archive_name("diagnostics-", "../a b\xc3\xa9", utc),
              "diagnostics-.._a_b__-20261122T120000Z.tar.gz");
    EXPECT_LE(archive_name("diagnostics-", std::string(500, 'x'), utc).size(), 255U);
}

TEST(DiagnosticsUpload, NamesTheFileAndTellsUploadingAndUploaded) {
    Site site;
    site.request.startTime = now_at(-60s).utc;
    site.request.stopTime = now_at(0s).utc;
    EXPECT_EQ(site.ask(), file_name);
    EXPECT_EQ(site.settle(0s), 1);
    EXPECT_EQ(site.last.location, "ftp://user:secret@host/dir");
    EXPECT_EQ(site.last.file_name, file_name);
    EXPECT_EQ(site.last.from, now_at(-60s).utc);
    EXPECT_EQ(site.last.to, now_at(0s).utc);
    EXPECT_EQ(site.told, Statuses{Uploading});
    EXPECT_EQ(site.settle(1s), 0) << "started once";
    site.done(1, {}, 2s);
    site.settle(2s);
    EXPECT_EQ(site.told, (Statuses{Uploading, Uploaded}));
    EXPECT_EQ(site.upload->next_deadline(), std::nullopt);
}

TEST(DiagnosticsUpload, RetriesWithPausesAndTellsUploadFailedAfterTheLast) {
    Site site;
    site.request.retries = 1;
    site.request.retryInterval = 30;
    site.ask();
    site.settle(0s);
    site.done(1, unreachable, 5s);
    EXPECT_EQ(site.settle(5s), 0);
    EXPECT_EQ(site.upload->next_deadline(), now_at(35s).steady);
    EXPECT_EQ(site.settle(34s), 0);
    EXPECT_EQ(site.settle(35s), 2);
    EXPECT_EQ(site.told, Statuses{Uploading}) << "told once";
    site.done(2, unreachable, 36s);
    site.settle(36s);
    EXPECT_EQ(site.told, (Statuses{Uploading, UploadFailed}));
}

TEST(DiagnosticsUpload, DoesNotTryAgainWhatCannotBecomeBetter) {
    Site site;
    site.ask();
    site.settle(0s);
    site.done(1, Error{Errc::unsupported, "loopback is not allowed"}, 1s);
    site.settle(1s);
    EXPECT_EQ(site.told, (Statuses{Uploading, UploadFailed}));
}

TEST(DiagnosticsUpload, FailsWhenNobodyTellsItsEnd) {
    Site site;
    site.request.retries = 0;
    site.ask();
    site.settle(0s);
    site.settle(3600s);
    EXPECT_EQ(site.told, (Statuses{Uploading, UploadFailed}));
    site.done(1, {}, 3601s);
    site.settle(3601s);
    EXPECT_EQ(site.told.size(), 2U) << "too late";
}

TEST(DiagnosticsUpload, NamesNoFileWhereThereIsNothingToUpload) {
    Site site;
    site.source.available = false;
    EXPECT_EQ(site.ask(), "");
    site.source.available = true;
    site.request.startTime = now_at(1s).utc;
    site.request.stopTime = now_at(0s).utc;
    EXPECT_EQ(site.ask(), "");
    EXPECT_EQ(site.settle(0s), 0);
    EXPECT_TRUE(site.told.empty());
    site.request.stopTime = site.request.startTime;
    EXPECT_EQ(site.ask(), file_name);
}

TEST(DiagnosticsUpload, TellsUploadFailedForALocationThatCannotBeUsed) {
    Site site;
    for (const char* location : {"", "host/dir", "http://host/dir"}) {
        site.request.location = location;
        EXPECT_EQ(site.ask(), "");
        EXPECT_EQ(site.settle(0s), 0);
    }
    EXPECT_EQ(site.told, Statuses(3, UploadFailed));
}

TEST(DiagnosticsUpload, AnswersARepeatedRequestWithTheFileUnderWayAndAnotherWithNone) {
    Site site;
    site.ask(0s);
    EXPECT_EQ(site.ask(10s), file_name) << "before it started";
    EXPECT_EQ(site.settle(10s), 1);
    EXPECT_EQ(site.ask(20s), file_name);
    site.request.location = "ftp://elsewhere/dir";
    EXPECT_EQ(site.ask(20s), "");
    site.request.location = "nonsense";
    EXPECT_EQ(site.ask(20s), "");
    EXPECT_EQ(site.settle(20s), 0);
    EXPECT_EQ(site.told, Statuses{Uploading});
    site.done(1, {}, 30s);
    site.request.location = "ftp://elsewhere/dir";
    EXPECT_NE(site.ask(30s), "") << "the next one may come";
    EXPECT_EQ(site.settle(30s), 1);
}

TEST(DiagnosticsUpload, IsIdleForATriggerOnlyWhenNothingRunsOrWaitsToBeTold) {
    Site site;
    EXPECT_EQ(site.upload->status(), Idle);
    site.request.retries = 1;
    site.ask();
    EXPECT_EQ(site.upload->status(), Uploading);
    site.settle(0s);
    site.done(1, unreachable, 1s);
    EXPECT_EQ(site.upload->status(), Uploading) << "pausing";
    site.settle(11s);
    site.done(2, unreachable, 12s);
    EXPECT_EQ(site.upload->status(), UploadFailed) << "not told yet";
    site.settle(12s);
    EXPECT_EQ(site.upload->status(), Idle);
}

TEST(DiagnosticsUpload, TellsOnlyTheEndOfWhatEndedWhileOffline) {
    Site site;
    site.ask();
    site.online = false;
    site.settle(0s);
    site.done(1, {}, 1s);
    site.settle(1s);
    EXPECT_TRUE(site.told.empty());
    site.online = true;
    site.settle(2s);
    EXPECT_EQ(site.told, Statuses{Uploaded});
}

TEST(DiagnosticsUpload, GoesOnAfterARestartAsItsNextAttempt) {
    Site site;
    site.request.retries = 1;
    site.request.startTime = now_at(-60s).utc;
    site.ask();
    site.settle(0s);
    site.restart();
    EXPECT_EQ(site.upload->status(), Uploading);
    EXPECT_EQ(site.settle(5s), 2);
    EXPECT_EQ(site.last.location, "ftp://user:secret@host/dir");
    EXPECT_EQ(site.last.file_name, file_name);
    EXPECT_EQ(site.last.from, now_at(-60s).utc);
    EXPECT_EQ(site.last.to, std::nullopt);
    site.restart();
    EXPECT_EQ(site.settle(10s), 0) << "no attempt is left";
    EXPECT_EQ(site.told, (Statuses{Uploading, UploadFailed}));
}

TEST(DiagnosticsUpload, TellsItsEndAcrossARestartAndLeavesNothingBehind) {
    Site site;
    site.ask();
    site.settle(0s);
    site.online = false;
    site.done(1, {}, 1s);
    site.settle(1s);
    site.restart();
    site.online = true;
    EXPECT_EQ(site.settle(5s), 0);
    EXPECT_EQ(site.told, (Statuses{Uploading, Uploaded}));
    EXPECT_TRUE(site.store.load().records.empty());
}

TEST(DiagnosticsUpload, RepeatsAStatusThatNobodyAnswered) {
    Site site;
    site.ask();
    EXPECT_EQ(site.upload->take_status(true), Uploading);
    site.upload->on_status_unanswered(site.effects);
    EXPECT_EQ(site.upload->take_status(true), Uploading);
}

TEST(DiagnosticsUpload, PassesOverADamagedRecord) {
    for (const char* body :
         {"{", "[]", "{}", R"({"location":5,"file_name":"x"})", R"({"location":"ftp://host"})",
          R"({"untold":["Uploading","nonsense"]})", R"({"untold":["Uploading"]})"}) {
        DiagnosticsUpload upload({{"diagnostics_upload", "present", body}});
        Effects effects;
        EXPECT_EQ(upload.settle(now_at(0s), effects), std::nullopt) << body;
        EXPECT_EQ(upload.status(), Idle) << body;
    }
}

TEST(DiagnosticsUpload, KeepsThePasswordOutOfTheLog) {
    Site site;
    site.request.location = "gopher://user:secret@host/";
    site.ask();
    site.request.location = "ftp://user:secret@host/";
    site.request.retries = 0;
    site.ask();
    site.settle(0s);
    site.done(1, unreachable, 1s);
    int notes = 0;
    for (const auto& effect : site.effects) {
        const auto* note = std::get_if<Note>(&effect);
        if (note == nullptr) continue;
        ++notes;
        EXPECT_EQ(note->event, "diagnostics_upload_failed");
        EXPECT_EQ(note->text.find("secret"), std::string::npos);
    }
    EXPECT_EQ(notes, 2);
}

}  // namespace
}  // namespace busbar::ocpp
