// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/event_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

namespace busbar::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

/// A client that takes what it is sent when it is told to.
class FakeStream final : public ResponseStream {
  public:
    bool send(std::string_view bytes) override {
        if (!open_ || (queued_ > 0 && queued_ + bytes.size() > most_queued)) return false;
        heard += bytes;
        queued_ += slow ? bytes.size() : 0;
        return true;
    }
    [[nodiscard]] std::size_t queued() const override { return queued_; }
    [[nodiscard]] bool open() const override { return open_; }
    void end() override {
        ended = true;
        open_ = false;
    }
    void leave() { open_ = false; }
    void take_all() { queued_ = 0; }

    /// The events heard since the last call: "topic data".
    Lines events() {
        Lines found;
        std::string topic;
        std::istringstream lines(std::exchange(heard, {}));
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with("id: ")) last_id = line.substr(4);
            if (line.starts_with("event: ")) topic = line.substr(7);
            if (line.starts_with("data: ")) found.push_back(topic + ' ' + line.substr(6));
        }
        return found;
    }

    std::string heard;
    std::string last_id;
    bool slow = false;
    bool ended = false;

  private:
    std::size_t queued_ = 0;
    bool open_ = true;
};

class EventStreamTest : public ::testing::Test {
  protected:
    EventStreamTest() {
        stream.add_topic("status", Role::viewer, EventStream::Keeps::newest);
        stream.add_topic("jobs", Role::viewer, EventStream::Keeps::all);
        stream.add_topic("logs", Role::installer, EventStream::Keeps::all);
    }

    HttpResponse ask(const std::string& query, Role role = Role::viewer, const std::string& last_id = {}) {
        HttpRequest request{"GET", "/api/v1/events", query, ""};
        request.login = Login{"eva", role};
        if (!last_id.empty()) request.fields.emplace_back("Last-Event-ID", last_id);
        return stream.listen(request);
    }
    std::shared_ptr<FakeStream> listen(const std::string& query, Role role = Role::viewer,
                                       const std::string& last_id = {}) {
        auto client = std::make_shared<FakeStream>();
        const auto answer = ask(query, role, last_id);
        EXPECT_EQ(answer.content_type, "text/event-stream");
        answer.stream(client);
        return client;
    }

    bool lasts = true;
    EventStream stream{[this](const Login&) { return lasts; }};
};

TEST_F(EventStreamTest, GivesTheTopicsThatWereAskedFor) {
    const auto client = listen("topics=jobs%2Cstatus&x=1");
    stream.publish("jobs", "1");
    stream.publish("status", "2");
    stream.publish("logs", "3");
    EXPECT_THAT(client->events(), ElementsAre("jobs 1", "status 2"));
}

TEST_F(EventStreamTest, WithoutTopicsItIsAllThatTheRoleMayHear) {
    const auto viewer = listen("");
    const auto installer = listen("", Role::installer);
    for (const char* topic : {"status", "jobs", "logs", "nonsense"}) stream.publish(topic, "1");
    EXPECT_THAT(viewer->events(), ElementsAre("status 1", "jobs 1"));
    EXPECT_THAT(installer->events(), ElementsAre("status 1", "jobs 1", "logs 1"));
}

TEST_F(EventStreamTest, RefusesUnknownTopicsAndThoseOfHigherRoles) {
    EXPECT_EQ(ask("topics=jobs,nonsense").status, 400);
    EXPECT_EQ(ask("topics=jobs,").status, 400);
    EXPECT_EQ(ask("topics=logs").status, 403);
    EXPECT_EQ(ask("topics=logs", Role::installer).status, 200);
}

TEST_F(EventStreamTest, WhoBeginsGetsTheNewestStateAndNothingOld) {
    stream.publish("status", "1");
    stream.publish("jobs", "2");
    stream.publish("status", "3");
    EXPECT_THAT(listen("")->events(), ElementsAre("status 3"));
}

TEST_F(EventStreamTest, ResumesBehindTheLastEventThatWasHeard) {
    auto client = listen("");
    stream.publish("jobs", "1");
    client->events();
    const auto id = client->last_id;
    client->leave();
    stream.publish("jobs", "2");
    stream.publish("status", "3");
    stream.publish("jobs", "4");
    EXPECT_THAT(listen("", Role::viewer, id)->events(), ElementsAre("jobs 2", "status 3", "jobs 4"));
}

TEST_F(EventStreamTest, SaysSoWhereWhatWasMissedIsNotKept) {
    auto client = listen("");
    stream.publish("jobs", "1");
    client->events();
    const auto id = client->last_id;
    for (int i = 0; i < 600; ++i) stream.publish("jobs", "2");
    stream.publish("status", "3");
    EXPECT_THAT(listen("", Role::viewer, id)->events(), ElementsAre("resync {}", "status 3"));
    EXPECT_THAT(listen("", Role::viewer, "of-another-run")->events(), ElementsAre("resync {}", "status 3"));
    EXPECT_THAT(listen("", Role::viewer, id.substr(0, 9) + "99999999")->events(),
                ElementsAre("resync {}", "status 3"));
}

TEST_F(EventStreamTest, ASlowClientMissesEventsAndIsToldOnceItHasTakenWhatWaits) {
    const auto client = listen("topics=jobs");
    client->slow = true;
    const std::string large(20'000, 'x');
    for (int i = 0; i < 20; ++i) stream.publish("jobs", large);
    EXPECT_LE(client->queued(), ResponseStream::most_queued);
    EXPECT_LT(client->events().size(), 10U);
    stream.ping();
    EXPECT_THAT(client->events(), IsEmpty());
    client->take_all();
    stream.publish("jobs", "1");
    EXPECT_THAT(client->events(), ElementsAre("resync {}", "jobs 1"));
}

TEST_F(EventStreamTest, EndsWithTheLoginAndSaysNothingBetween) {
    const auto client = listen("");
    EXPECT_TRUE(stream.is_heard("jobs"));
    lasts = false;
    stream.publish("jobs", "1");
    EXPECT_THAT(client->events(), ElementsAre(R"(end {"code":"login_required"})"));
    EXPECT_TRUE(client->ended);
    EXPECT_FALSE(stream.is_heard("jobs"));
}

TEST_F(EventStreamTest, ServesSixteenAndForgetsWhoLeft) {
    std::vector<std::shared_ptr<FakeStream>> clients;
    for (int i = 0; i < 16; ++i) clients.push_back(listen(""));
    EXPECT_EQ(ask("").status, 503);
    clients.front()->leave();
    EXPECT_EQ(ask("").status, 200);
}

TEST_F(EventStreamTest, KeepsConnectionsAlive) {
    const auto client = listen("");
    stream.ping();
    EXPECT_THAT(client->heard, HasSubstr(": ping\n\n"));
}

}  // namespace
}  // namespace busbar::gateway
