/*
 * The themes of reviews as tables: names, articles, and since when and for which duties each is asked. Pure,
 * any thread.
 */
#include "model/theme.h"

#include "model/rules.h"

#include <stdio.h>
#include <string.h>

const struct review_topic review_themes[THEME_COUNT] = {
    [THEME_SKILLS] = {"skills", "L6315-1 I 1°",
        {"compétences et qualifications mobilisées, leur évolution",
            "skills and qualifications, how they may evolve"}},
    [THEME_PROSPECTS] = {"prospects", "L6315-1 I 2°",
        {"situation et parcours, perspectives d'emploi dans l'entreprise",
            "situation, path and prospects in the company"}},
    [THEME_TRAINING_NEEDS] = {"training_needs", "L6315-1 I 3°",
        {"besoins de formation, projet personnel compris", "training needs, personal project included"}},
    [THEME_WISHES] = {"wishes", "L6315-1 I 4°",
        {"souhaits d'évolution : reconversion, projet de transition, bilan de compétences, VAE",
            "wishes: reconversion, transition project, skills assessment, VAE"}},
    [THEME_CPF] = {"cpf", "L6315-1 I 5°",
        {"activation du CPF, abondements de l'employeur, conseil en évolution professionnelle",
            "personal training account, employer contributions, guidance"}},
    [THEME_WORKSTATION] = {"workstation", "L6315-1 IV",
        {"adaptation ou aménagement des missions et du poste", "adapting tasks and workstation"}},
    [THEME_WEAR] = {"wear", "L6315-1 IV",
        {"prévention de l'usure professionnelle", "preventing professional wear"}},
    [THEME_MOBILITY] = {"mobility", "L6315-1 IV",
        {"besoins et souhaits de mobilité ou de reconversion", "needs and wishes of mobility or reconversion"}},
    [THEME_RETENTION] = {"retention", "L6315-1 V",
        {"conditions de maintien dans l'emploi", "conditions of staying in employment"}},
    [THEME_END_OF_CAREER] = {"end_of_career", "L6315-1 V",
        {"aménagements de fin de carrière : temps partiel, retraite progressive",
            "end of career: part time, progressive retirement"}},
};

const struct review_topic review_informations[INFORMATION_COUNT] = {
    [INFORMATION_VAE] = {"vae", "L6315-1",
        {"validation des acquis de l'expérience", "validation of experience (VAE)"}},
    [INFORMATION_CPF] = {"cpf", "L6315-1",
        {"activation du compte personnel de formation", "personal training account"}},
    [INFORMATION_EMPLOYER_CONTRIBUTIONS] = {"employer_contributions", "L6315-1",
        {"abondements que l'employeur peut financer", "contributions the employer may make"}},
    [INFORMATION_CEP] = {"cep", "L6315-1", {"conseil en évolution professionnelle", "career guidance (CEP)"}},
    [INFORMATION_FINANCING] = {"financing", "L6315-1",
        {"financements : OPCO, projet de transition", "financing: OPCO, transition project"}},
};

#define THEMES_OF_ALL                                                                                          \
    ((1u << THEME_SKILLS) | (1u << THEME_PROSPECTS) | (1u << THEME_TRAINING_NEEDS) | (1u << THEME_WISHES) |    \
        (1u << THEME_CPF))
#define THEMES_MIDDLE ((1u << THEME_WORKSTATION) | (1u << THEME_WEAR) | (1u << THEME_MOBILITY))
#define THEMES_SENIOR ((1u << THEME_RETENTION) | (1u << THEME_END_OF_CAREER))
#define THEMES_2014   (1u << THEME_PROSPECTS)
#define INFORMATION_ALL                                                                                        \
    ((1u << INFORMATION_VAE) | (1u << INFORMATION_CPF) | (1u << INFORMATION_EMPLOYER_CONTRIBUTIONS) |          \
        (1u << INFORMATION_CEP))

/* The day the law 2025-989 came into force: the five themes, which name the information too. */
static date_t themes_reform(void)
{
    return date_of(2025, 10, 26);
}

static enum status topics_read(const struct review_topic *topics, int count, const char *member,
    const struct list *names, unsigned *ret, struct error *err)
{
    unsigned bits = 0;
    enum status status = ST_OK;
    const char *const *items = names->items;
    for (size_t i = 0; i < names->count; i++) {
        int topic = 0;
        while (topic < count && strcmp(topics[topic].name, items[i]) != 0)
            topic++;
        if (topic < count) {
            bits |= 1u << topic;
            continue;
        }
        char pointer[48];
        (void)snprintf(pointer, sizeof pointer, "/%s/%zu", member, i);
        status = error_field(err, pointer, "is not one of those known, such as \"%s\"", topics[0].name);
    }
    if (status == ST_OK)
        *ret = bits;
    return status;
}

enum status themes_read(const struct list *names, unsigned *ret, struct error *err)
{
    return topics_read(review_themes, THEME_COUNT, "themes", names, ret, err);
}

enum status informations_read(const struct list *names, unsigned *ret, struct error *err)
{
    return topics_read(review_informations, INFORMATION_COUNT, "information", names, ret, err);
}

unsigned themes_required(date_t held_on, unsigned families)
{
    if (held_on < themes_reform())
        return THEMES_2014;
    return THEMES_OF_ALL | (families & (1u << DUTY_MIDCAREER) ? THEMES_MIDDLE : 0) |
           (families & (1u << DUTY_SENIOR) ? THEMES_SENIOR : 0);
}

unsigned informations_required(date_t held_on)
{
    return held_on < themes_reform() ? INFORMATION_ALL : 0;
}
