// SPDX-License-Identifier: Apache-2.0
// Locations, attempts and the statuses that wait to be told.
#include "ocpp/file_transfer.hpp"

#include <gtest/gtest.h>

#include "ocpp/firmware_update.hpp"

#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp {
namespace {

using test::now_at;

constexpr const char* protocols = "HTTPS, FTP,sftp";

SteadyTime at(seconds time) {
    return now_at(time).steady;
}

Result<void> good() {
    return {};
}

Result<void> bad(Errc code = Errc::unreachable) {
    return Error{code, "no route to host"};
}

TEST(TransferLocation, IsAUriWithASupportedSchemeAndAHost) {
    for (const char* location : {"https://host/dir/file?x=1#y", "HTTPS://host", "ftp://user:pa@ss@host:21/",
                                 "sftp://[2001:db8::1]:22/dir/", "https://192.0.2.1/a%20b"}) {
        EXPECT_EQ(location_problem(location, protocols), std::nullopt) << location;
    }
}

TEST(TransferLocation, IsRefusedWithAReason) {
    const std::string too_long = "https://host/" + std::string(2048, 'a');
    for (const std::string location :
         {"", "host/file", "/etc/passwd", "://host/file", "https:host", "https:/host", "https://",
          "https:///file", "https://user:pw@", "https://:443/", "https://host/a b", "https://host/a\r\nb",
          "http://host/", "file:///etc/passwd", "1https://host/", "ht tps://host/", "https\x7f://host/",
          too_long.c_str()}) {
        EXPECT_NE(location_problem(location, protocols), std::nullopt) << location;
    }
    EXPECT_NE(location_problem("https://host/", ""), std::nullopt);
    EXPECT_NE(location_problem("s://host/", "HTTPS,FTP"), std::nullopt) << "a part of a name is no name";
    EXPECT_NE(location_problem("1https://host/", "1https"), std::nullopt) << "RFC 3986 begins with a letter";
}

TEST(TransferLocation, KeepsItsPasswordOutOfTheReason) {
    const auto reason = location_problem("gopher://user:secret@host/", protocols);
    ASSERT_TRUE(reason);
    EXPECT_EQ(reason->find("secret"), std::string::npos);
    EXPECT_NE(reason->find("gopher"), std::string::npos);
    EXPECT_EQ(location_problem("user:secret@host://x", protocols)->find("secret"), std::string::npos);
}

TEST(RetryPlan, KeepsTheRequestWithinItsBounds) {
    const auto plan = [](std::optional<int> retries, std::optional<int> interval) {
        const auto made = RetryPlan::from(retries, interval);
        return std::pair(made.retries, made.interval);
    };
    EXPECT_EQ(plan({}, {}), std::pair(2, seconds(10)));
    EXPECT_EQ(plan(0, 1), std::pair(0, seconds(1)));
    EXPECT_EQ(plan(-1, -1), std::pair(0, seconds(1)));
    EXPECT_EQ(plan(20, 86400), std::pair(20, seconds(86400)));
    EXPECT_EQ(plan(2147483647, 2147483647), std::pair(20, seconds(86400)));
}

TEST(Attempts, AreOneMoreThanTheRetries) {
    Attempts attempts({2, 10s});
    EXPECT_EQ(attempts.start_due(at(0s)), 1);
    EXPECT_EQ(attempts.start_due(at(0s)), std::nullopt) << "one at a time";
    EXPECT_EQ(attempts.on_done(1, bad(), at(5s)), Attempts::End::retry);
    EXPECT_EQ(attempts.next_deadline(), at(15s));
    EXPECT_EQ(attempts.start_due(at(14s)), std::nullopt);
    EXPECT_EQ(attempts.start_due(at(15s)), 2);
    EXPECT_EQ(attempts.on_done(2, bad(), at(16s)), Attempts::End::retry);
    EXPECT_EQ(attempts.start_due(at(26s)), 3);
    EXPECT_EQ(attempts.on_done(3, bad(), at(27s)), Attempts::End::failure);
    EXPECT_EQ(attempts.start_due(at(100s)), std::nullopt);
}

TEST(Attempts, EndWithTheFirstSuccess) {
    Attempts attempts({2, 10s});
    attempts.start_due(at(0s));
    EXPECT_EQ(attempts.on_done(1, good(), at(1s)), Attempts::End::success);
    EXPECT_FALSE(attempts.running());
}

TEST(Attempts, IgnoreWhatIsToldOfAnotherOne) {
    Attempts attempts({2, 10s});
    EXPECT_EQ(attempts.on_done(0, good(), at(0s)), Attempts::End::none);
    attempts.start_due(at(0s));
    EXPECT_EQ(attempts.on_done(1, bad(), at(0s)), Attempts::End::retry);
    EXPECT_EQ(attempts.on_done(1, good(), at(1s)), Attempts::End::none) << "told twice";
    attempts.start_due(at(10s));
    EXPECT_EQ(attempts.on_done(1, good(), at(11s)), Attempts::End::none);
    EXPECT_EQ(attempts.on_done(2, good(), at(11s)), Attempts::End::success);
}

TEST(Attempts, FailWhenNobodyTellsTheirEnd) {
    Attempts attempts({1, 10s});
    attempts.start_due(at(0s));
    EXPECT_EQ(attempts.on_time(at(3599s)), Attempts::End::none);
    EXPECT_EQ(attempts.next_deadline(), at(3600s));
    EXPECT_EQ(attempts.on_time(at(3600s)), Attempts::End::retry);
    EXPECT_EQ(attempts.on_time(at(3600s)), Attempts::End::none);
    attempts.start_due(at(3610s));
    EXPECT_EQ(attempts.on_time(at(7210s)), Attempts::End::failure);
}

TEST(Attempts, AreNotRepeatedWhereTheSameWouldHappenAgain) {
    for (const auto code : {Errc::invalid, Errc::unsupported}) {
        Attempts attempts({2, 10s});
        attempts.start_due(at(0s));
        EXPECT_EQ(attempts.on_done(1, bad(code), at(1s)), Attempts::End::failure);
    }
    for (const auto code :
         {Errc::timeout, Errc::garbled, Errc::refused, Errc::unreachable, Errc::io, Errc::cancelled}) {
        Attempts attempts({2, 10s});
        attempts.start_due(at(0s));
        EXPECT_EQ(attempts.on_done(1, bad(code), at(1s)), Attempts::End::retry);
    }
}

TEST(Attempts, OfAnEarlierRunCount) {
    Attempts attempts({1, 10s}, 1);
    EXPECT_EQ(attempts.on_time(at(0s)), Attempts::End::none);
    EXPECT_EQ(attempts.start_due(at(0s)), 2);
    Attempts used_up({1, 10s}, 2);
    EXPECT_EQ(used_up.start_due(at(0s)), std::nullopt);
    EXPECT_EQ(used_up.on_time(at(0s)), Attempts::End::failure);
}

TEST(KeptRecord, IsWrittenOnlyWhereItDiffers) {
    Effects effects;
    KeptRecord record("kind", {{"other", "present", "x"}});
    EXPECT_EQ(record.body(), "");
    record.keep("", effects);
    EXPECT_TRUE(effects.empty());
    record.keep("a", effects);
    record.keep("a", effects);
    ASSERT_EQ(effects.size(), 1U);
    EXPECT_EQ(std::get<SaveRecord>(effects[0]).record, (Record{"kind", "present", "a"}));
    KeptRecord again("kind", {std::get<SaveRecord>(effects[0]).record});
    EXPECT_EQ(again.body(), "a");
    again.keep("", effects);
    ASSERT_EQ(effects.size(), 2U);
    EXPECT_EQ(std::get<EraseRecord>(effects[1]).key, "present");
}

using Outbox = StatusOutbox<SignedFirmwareStatus>;
using enum SignedFirmwareStatus;

TEST(StatusOutbox, TellsEveryStatusInOrderOneAtATime) {
    Outbox outbox;
    EXPECT_EQ(outbox.take(true), std::nullopt);
    outbox.push(Downloading);
    outbox.push(Downloaded);
    EXPECT_EQ(outbox.take(true), Downloading);
    EXPECT_EQ(outbox.take(true), std::nullopt) << "the first waits for its answer";
    outbox.on_answered();
    EXPECT_EQ(outbox.take(true), Downloaded);
    outbox.on_answered();
    outbox.on_answered();
    EXPECT_TRUE(outbox.empty());
}

TEST(StatusOutbox, KeepsTheLatestAndTheLastWordsWhileOffline) {
    Outbox outbox;
    for (const auto status : {Downloading, DownloadFailed, Downloading, Downloaded, Installing}) {
        outbox.push(status);
        EXPECT_EQ(outbox.take(false), std::nullopt);
    }
    EXPECT_EQ(outbox.take(true), DownloadFailed);
    outbox.on_answered();
    EXPECT_EQ(outbox.take(true), Installing);
    outbox.on_answered();
    EXPECT_TRUE(outbox.empty());
}

TEST(StatusOutbox, RepeatsWhatWasUnderWayWhenTheLinkWentDown) {
    Outbox outbox;
    outbox.push(Installed);
    EXPECT_EQ(outbox.take(true), Installed);
    EXPECT_EQ(outbox.take(false), std::nullopt);
    EXPECT_EQ(outbox.take(true), Installed);
    outbox.on_answered();
    EXPECT_EQ(outbox.take(true), std::nullopt);
}

TEST(StatusOutbox, TakesNoAnswerForWhatIsNotUnderWay) {
    Outbox outbox;
    outbox.push(Installed);
    outbox.on_answered();
    EXPECT_EQ(outbox.take(true), Installed);
}

TEST(StatusOutbox, GivesUpWhatIsNeverAnsweredAfterFiveTimesOnALink) {
    Outbox outbox;
    outbox.push(Installed);
    outbox.push(Downloading);
    for (int time = 1; time <= 4; ++time) {
        EXPECT_EQ(outbox.take(true), Installed);
        outbox.on_unanswered();
    }
    EXPECT_EQ(outbox.take(false), std::nullopt);  // another link counts anew
    for (int time = 1; time <= 5; ++time) {
        EXPECT_EQ(outbox.take(true), Installed) << time;
        outbox.on_unanswered();
    }
    EXPECT_EQ(outbox.take(true), Downloading);
}

TEST(StatusOutbox, HoldsEightStatusesAtMost) {
    Outbox outbox;
    outbox.push(Installed);
    for (int more = 1; more <= 8; ++more) outbox.push(DownloadFailed);
    EXPECT_EQ(outbox.last_words(), std::vector(8, DownloadFailed));
}

TEST(StatusOutbox, KnowsLastWords) {
    for (const auto status : {Downloading, Downloaded, Installing, SignedFirmwareStatus::Idle}) {
        EXPECT_FALSE(is_last_word(status));
    }
    for (const auto status : {DownloadFailed, InstallationFailed, Installed}) {
        EXPECT_TRUE(is_last_word(status));
    }
    EXPECT_TRUE(is_last_word(DiagnosticsStatus::Uploaded));
    EXPECT_TRUE(is_last_word(DiagnosticsStatus::UploadFailed));
    EXPECT_FALSE(is_last_word(DiagnosticsStatus::Uploading));
    EXPECT_FALSE(is_last_word(DiagnosticsStatus::Idle));
}

}  // namespace
}  // namespace busbar::ocpp
