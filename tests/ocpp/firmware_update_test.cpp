// SPDX-License-Identifier: Apache-2.0
// UpdateFirmware from the request across the restart to Installed.
#include "ocpp/firmware_update.hpp"

#include <gtest/gtest.h>

#include "tests/ocpp/firmware_bench.hpp"

namespace busbar::ocpp {
namespace {

using test::installation;
using test::nothing;
using test::now_at;
using Site = test::FirmwareBench;
using Statuses = std::vector<FirmwareStatus>;
using enum FirmwareStatus;

const Error unreachable{Errc::unreachable, "no route to host"};

TEST(FirmwareUpdate, TellsEachStateAndInstalledAfterTheRestart) {
    Site site;
    EXPECT_TRUE(site.ask());
    EXPECT_EQ(site.settle(0s), 1);
    EXPECT_EQ(site.location, "https://user:secret@host/new.bundle");
    EXPECT_EQ(site.settle(1s), nothing);
    site.downloaded(1, {}, 10s);
    EXPECT_EQ(site.settle(10s), nothing) << "Installing is told first";
    EXPECT_EQ(site.told, (Statuses{Downloading, Downloaded, Installing}));
    EXPECT_EQ(site.settle(10s), installation);
    EXPECT_EQ(site.settle(11s), nothing);
    site.restart();
    EXPECT_EQ(site.settle(0s), nothing);
    EXPECT_EQ(site.update->stage(), FirmwareStage::installing);
    site.installed({});
    site.settle(1s);
    EXPECT_EQ(site.told, (Statuses{Downloading, Downloaded, Installing, Installed}));
    EXPECT_EQ(site.update->stage(), FirmwareStage::none);
    EXPECT_TRUE(site.store.load().records.empty());
}

TEST(FirmwareUpdate, TellsInstallationFailed) {
    Site site;
    site.go_to_installation();
    site.installed(Error{Errc::refused, "the signature is wrong"});
    site.settle(2s);
    EXPECT_EQ(site.told, (Statuses{Downloading, Downloaded, Installing, InstallationFailed}));
}

TEST(FirmwareUpdate, WaitsForTheRetrieveDate) {
    Site site;
    site.request.retrieveDate = *now_at(60s).utc;
    site.ask();
    EXPECT_EQ(site.settle(0s), nothing);
    EXPECT_EQ(site.update->next_deadline(), now_at(60s).steady);
    EXPECT_EQ(site.settle(59s), nothing);
    EXPECT_TRUE(site.told.empty());
    EXPECT_EQ(site.settle(60s), 1);
}

TEST(FirmwareUpdate, WaitsForUtcToTellTheDateBy) {
    Site site;
    site.utc_known = false;
    site.ask();
    EXPECT_EQ(site.settle(0s), nothing);
    EXPECT_EQ(site.update->next_deadline(), std::nullopt);
    site.utc_known = true;
    EXPECT_EQ(site.settle(5s), 1);
}

TEST(FirmwareUpdate, RetriesTheDownloadAndTellsDownloadFailedAfterTheLast) {
    Site site;
    site.request.retries = 1;
    site.request.retryInterval = 30;
    site.ask();
    site.settle(0s);
    site.downloaded(1, unreachable, 5s);
    EXPECT_EQ(site.settle(5s), nothing);
    EXPECT_EQ(site.update->next_deadline(), now_at(35s).steady);
    EXPECT_EQ(site.settle(35s), 2);
    site.downloaded(1, {}, 36s);
    EXPECT_EQ(site.update->stage(), FirmwareStage::downloading) << "news of the first attempt";
    site.downloaded(2, unreachable, 36s);
    EXPECT_EQ(site.settle(36s), nothing);
    EXPECT_EQ(site.told, (Statuses{Downloading, DownloadFailed}));
    EXPECT_EQ(site.update->stage(), FirmwareStage::none);
    EXPECT_EQ(site.update->next_deadline(), std::nullopt);
}

TEST(FirmwareUpdate, FailsADownloadThatNobodyTellsTheEndOf) {
    Site site;
    site.request.retries = 0;
    site.ask();
    site.settle(0s);
    EXPECT_EQ(site.settle(3599s), nothing);
    site.settle(3600s);
    EXPECT_EQ(site.told, (Statuses{Downloading, DownloadFailed}));
}

TEST(FirmwareUpdate, TellsDownloadFailedForALocationThatCannotBeUsed) {
    for (const char* location : {"", "host/file", "http://host/file"}) {
        Site site;
        site.request.location = location;
        EXPECT_TRUE(site.ask());
        EXPECT_EQ(site.settle(0s), nothing);
        EXPECT_EQ(site.told, Statuses{DownloadFailed}) << location;
    }
}

TEST(FirmwareUpdate, InstallsWhenTheLastCarHasGone) {
    Site site;
    site.charging = true;
    site.ask();
    site.settle(0s);
    site.downloaded(1, {}, 1s);
    EXPECT_EQ(site.settle(1s), nothing);
    EXPECT_EQ(site.settle(100000s), nothing);
    EXPECT_EQ(site.told, (Statuses{Downloading, Downloaded}));
    EXPECT_EQ(site.update->stage(), FirmwareStage::ready);
    site.charging = false;
    EXPECT_EQ(site.settle(100001s), nothing);
    EXPECT_EQ(site.settle(100001s), installation);
}

TEST(FirmwareUpdate, HoldsTheInstallationForACarThatCameWhileInstallingWasTold) {
    Site site;
    site.ask();
    site.settle(0s);
    site.downloaded(1, {}, 1s);
    site.settle(1s);
    site.charging = true;
    EXPECT_EQ(site.settle(2s), nothing);
    EXPECT_EQ(site.settle(600s), nothing);
    site.charging = false;
    EXPECT_EQ(site.settle(700s), installation);
}

TEST(FirmwareUpdate, InstallsAlsoWhereNobodyHearsOfIt) {
    Site site;
    site.ask();
    site.settle(0s);
    site.online = false;
    site.downloaded(1, {}, 1s);
    EXPECT_EQ(site.settle(1s), nothing);
    EXPECT_EQ(site.update->next_deadline(), now_at(31s).steady);
    EXPECT_EQ(site.settle(30s), nothing);
    EXPECT_EQ(site.settle(31s), installation);
    site.installed({});
    site.settle(40s);
    site.online = true;
    site.settle(50s);
    EXPECT_EQ(site.told, (Statuses{Downloading, Installed})) << "the rest is history";
}

TEST(FirmwareUpdate, FailsAnInstallationThatNobodyTellsTheEndOf) {
    Site site;
    site.go_to_installation();
    EXPECT_EQ(site.update->next_deadline(), now_at(1801s).steady);
    site.settle(1800s);
    EXPECT_EQ(site.update->status(), Installing);
    site.settle(1801s);
    EXPECT_EQ(site.told.back(), InstallationFailed);
    site.installed({});
    site.settle(1802s);
    EXPECT_EQ(site.told.back(), InstallationFailed) << "too late";
}

TEST(FirmwareUpdate, IsReplacedWhileItWaitsForItsDate) {
    Site site;
    site.request.retrieveDate = *now_at(60s).utc;
    site.ask();
    site.settle(0s);
    site.request = {"ftp://host/newer", 0, *now_at(90s).utc, std::nullopt};
    EXPECT_TRUE(site.ask());
    EXPECT_EQ(site.settle(60s), nothing);
    EXPECT_EQ(site.settle(90s), 1);
    EXPECT_EQ(site.location, "ftp://host/newer");
}

TEST(FirmwareUpdate, IsReplacedBetweenTwoAttemptsAndWhileItWaitsForTheLastCar) {
    Site site;
    site.charging = true;
    site.ask();
    site.settle(0s);
    site.downloaded(1, unreachable, 1s);
    site.settle(1s);
    EXPECT_TRUE(site.ask());
    EXPECT_EQ(site.settle(2s), 1) << "counts its attempts anew";
    site.downloaded(1, {}, 3s);
    site.settle(3s);
    site.request.location = "ftp://host/newer";
    EXPECT_TRUE(site.ask());
    EXPECT_EQ(site.settle(4s), 1);
    EXPECT_EQ(site.location, "ftp://host/newer");
    EXPECT_EQ(site.told, (Statuses{Downloading, Downloading, Downloaded, Downloading}));
}

TEST(FirmwareUpdate, IsReplacedWhileItWaitsAlsoByALocationThatCannotBeUsed) {
    Site site;
    site.request.retrieveDate = *now_at(60s).utc;
    site.ask();
    site.request.location = "nonsense";
    EXPECT_TRUE(site.ask());
    EXPECT_EQ(site.settle(60s), nothing);
    EXPECT_EQ(site.told, Statuses{DownloadFailed});
}

TEST(FirmwareUpdate, IgnoresAnotherRequestFromTheDownloadOn) {
    Site site;
    site.ask();
    site.settle(0s);
    const auto original = site.request.location;
    site.request.location = "nonsense";
    EXPECT_FALSE(site.ask()) << "downloading";
    site.downloaded(1, {}, 1s);
    site.settle(1s);
    EXPECT_FALSE(site.ask()) << "Installing is told";
    EXPECT_EQ(site.settle(1s), installation);
    EXPECT_FALSE(site.ask()) << "installing";
    site.restart();
    EXPECT_FALSE(site.ask()) << "installing across a restart";
    site.installed({});
    EXPECT_TRUE(site.ask());
    site.settle(2s);
    EXPECT_EQ(site.told, (Statuses{Downloading, Downloaded, Installing, Installed, DownloadFailed}));
    EXPECT_EQ(site.location, original);
}

TEST(FirmwareUpdate, SurvivesARestartWhileItWaits) {
    Site site;
    site.request.retrieveDate = *now_at(60s).utc;
    site.request.retries = 0;
    site.ask();
    site.settle(0s);
    site.restart();
    EXPECT_EQ(site.settle(59s), nothing);
    EXPECT_EQ(site.settle(60s), 1);
    EXPECT_EQ(site.location, "https://user:secret@host/new.bundle");
    site.downloaded(1, unreachable, 61s);
    site.settle(61s);
    EXPECT_EQ(site.told.back(), DownloadFailed) << "the number of retries survived, too";
}

TEST(FirmwareUpdate, TakesADownloadCutOffByARestartForAnAttempt) {
    Site site;
    site.request.retries = 1;
    site.ask();
    EXPECT_EQ(site.settle(0s), 1);
    site.restart();
    EXPECT_EQ(site.settle(5s), 2);
    site.restart();
    EXPECT_EQ(site.settle(10s), nothing);
    EXPECT_EQ(site.told, (Statuses{Downloading, DownloadFailed}));
}

TEST(FirmwareUpdate, SurvivesARestartWhileItWaitsForTheLastCar) {
    for (const bool announced : {false, true}) {
        Site site;
        site.charging = !announced;
        site.ask();
        site.settle(0s);
        site.downloaded(1, {}, 1s);
        site.settle(1s);
        site.restart();
        site.charging = false;
        EXPECT_EQ(site.settle(5s), nothing);
        EXPECT_EQ(site.told.back(), Installing);
        EXPECT_EQ(site.settle(5s), installation);
    }
}

TEST(FirmwareUpdate, TellsItsEndAcrossFurtherRestarts) {
    Site site;
    site.go_to_installation();
    site.restart();
    site.installed({});
    site.restart();
    EXPECT_EQ(site.update->stage(), FirmwareStage::none);
    site.settle(0s);
    EXPECT_EQ(site.told.back(), Installed);
    site.restart();
    site.settle(1s);
    EXPECT_EQ(std::count(site.told.begin(), site.told.end(), Installed), 1);
}

TEST(FirmwareUpdate, IsIdleForATriggerOnlyWhenItIsNotAtWork) {
    Site site;
    EXPECT_EQ(site.update->status(), Idle);
    site.request.retrieveDate = *now_at(60s).utc;
    site.charging = true;
    site.ask();
    site.settle(0s);
    EXPECT_EQ(site.update->status(), Idle) << "waits for its date";
    site.settle(60s);
    EXPECT_EQ(site.update->status(), Downloading);
    site.downloaded(1, {}, 61s);
    site.settle(61s);
    EXPECT_EQ(site.update->status(), Downloaded);
    site.charging = false;
    site.settle(62s);
    EXPECT_EQ(site.update->status(), Installing);
    EXPECT_EQ(site.settle(62s), installation);
    EXPECT_EQ(site.update->status(), Installing);
    site.installed({});
    EXPECT_EQ(site.update->status(), Installed) << "not told yet";
    site.settle(63s);
    EXPECT_EQ(site.update->status(), Idle);
    for (const auto status : site.told) EXPECT_NE(status, Idle);
}

TEST(FirmwareUpdate, SaysNothingToFactsItDidNotAskFor) {
    Site site;
    site.installed({});
    site.downloaded(1, {}, 0s);
    site.installed(unreachable);
    EXPECT_EQ(site.settle(0s), nothing);
    EXPECT_TRUE(site.told.empty());
    EXPECT_TRUE(site.effects.empty());
}

TEST(FirmwareUpdate, RepeatsAStatusThatNobodyAnswered) {
    Site site;
    site.request.location = "nonsense";
    site.ask();
    EXPECT_EQ(site.update->take_status(true)->status, SignedFirmwareStatus::DownloadFailed);
    site.update->on_status_unanswered(site.effects);
    EXPECT_EQ(site.update->take_status(true)->status, SignedFirmwareStatus::DownloadFailed);
}

TEST(FirmwareUpdate, WritesToTheStoreOnlyWhenItsStateChanges) {
    Site site;
    site.charging = true;
    site.ask();
    site.settle(0s);
    site.downloaded(1, {}, 1s);
    site.settle(1s);
    site.effects.clear();
    for (int turn = 2; turn < 100; ++turn) site.settle(seconds(turn));
    EXPECT_TRUE(site.effects.empty());
}

TEST(FirmwareUpdate, PassesOverADamagedRecord) {
    for (const char* body :
         {"{", "[]", "{}", R"({"stage":"installing"})", R"({"stage":"dancing","location":"ftp://host"})",
          R"({"stage":7,"location":"ftp://host"})", R"({"untold":["Installing"]})"}) {
        FirmwareUpdate update({{"firmware_update", "present", body}});
        EXPECT_EQ(update.stage(), FirmwareStage::none) << body;
        EXPECT_EQ(update.status(), Idle) << body;
    }
}

}  // namespace
}  // namespace busbar::ocpp
