/*
 * The words of the trace in French and English: verbs, members of payloads, values. Constant data.
 */
#include "work/trace.h"

#include "model/theme.h"

#include <string.h>

struct trace_word {
    const char *name;
    const char *words[LANG_COUNT];
};

static const struct trace_word verbs[] = {
    {"employee.created", {"Salarié enregistré", "Employee recorded"}},
    {"employee.changed", {"Salarié modifié", "Employee changed"}},
    {"employee.removed", {"Salarié retiré", "Employee removed"}},
    {"absence.added", {"Absence enregistrée", "Absence recorded"}},
    {"absence.corrected", {"Absence corrigée", "Absence corrected"}},
    {"absence.withdrawn", {"Absence retirée", "Absence withdrawn"}},
    {"event.added", {"Visite enregistrée", "Visit recorded"}},
    {"event.corrected", {"Visite corrigée", "Visit corrected"}},
    {"event.withdrawn", {"Visite retirée", "Visit withdrawn"}},
    {"progression.added", {"Progression enregistrée", "Progression recorded"}},
    {"progression.corrected", {"Progression corrigée", "Progression corrected"}},
    {"progression.withdrawn", {"Progression retirée", "Progression withdrawn"}},
    {"duty.opened", {"Obligation ouverte", "Duty opened"}},
    {"duty.changed", {"Obligation modifiée", "Duty changed"}},
    {"duty.closed", {"Obligation satisfaite", "Duty closed"}},
    {"duty.acknowledged", {"Manquement constaté", "Missed duty acknowledged"}},
    {"acknowledgement.added", {"Constat d'un manquement enregistré", "Acknowledgement recorded"}},
    {"rules.changed", {"Règles changées", "Rules changed"}},
    {"duty.withdrawn", {"Obligation retirée", "Duty withdrawn"}},
    {"review.created", {"Entretien prévu", "Review planned"}},
    {"review.recorded", {"Entretien passé enregistré", "Past review recorded"}},
    {"review.completed", {"Entretien passé complété", "Past review completed"}},
    {"review.changed", {"Entretien modifié", "Review changed"}},
    {"review.proposed", {"Créneau proposé", "Slot offered"}},
    {"review.invited", {"Convocation", "Convocation"}},
    {"review.resent", {"Convocation renvoyée", "Convocation sent again"}},
    {"review.rescheduled", {"Entretien déplacé", "Review rescheduled"}},
    {"review.answered", {"Réponse à la convocation", "Answer to the convocation"}},
    {"review.counter_refused", {"Autre créneau refusé", "Other slot declined"}},
    {"review.held", {"Entretien tenu", "Review held"}},
    {"review.reported", {"Compte rendu établi", "Report written"}},
    {"review.copied", {"Copie remise au salarié", "Copy handed over"}},
    {"review.flagged", {"Entretien à revoir : un fait a changé", "Review overtaken by a change"}},
    {"review.missed", {"Salarié absent à l'entretien", "Employee did not come"}},
    {"review.reconvened", {"Nouvelle convocation", "Convened again"}},
    {"review.closed", {"Entretien clos sans suite", "Review closed"}},
    {"review.refused", {"Proposition refusée par le salarié", "Proposal refused by the employee"}},
    {"review.cancelled", {"Entretien annulé", "Review cancelled"}},
    {"review.corrected", {"Entretien corrigé", "Review corrected"}},
    {"preparation.saved", {"Préparation enregistrée", "Preparation saved"}},
    {"preparation.handed_in", {"Préparation transmise", "Preparation handed in"}},
    {"preparation.taken_back", {"Préparation reprise", "Preparation taken back"}},
    {"document.read", {"Document consulté", "Document read"}},
    {"document.stored", {"Document conservé", "Document kept"}},
    {"delivery.sent", {"Message envoyé", "Message sent"}},
    {"delivery.abandoned", {"Envoi abandonné", "Sending given up"}},
    {"link.issued", {"Lien personnel délivré", "Personal link issued"}},
    {"link.revoked", {"Lien personnel retiré", "Personal link taken back"}},
    {"need.created", {"Besoin exprimé", "Need recorded"}},
    {"need.changed", {"Besoin modifié", "Need changed"}},
    {"need.planned", {"Besoin repris dans le plan", "Need taken up in the plan"}},
    {"need.met", {"Besoin satisfait", "Need met"}},
    {"need.reopened", {"Besoin de nouveau ouvert", "Need open again"}},
    {"action.created", {"Action inscrite au plan", "Action added to the plan"}},
    {"action.changed", {"Action modifiée", "Action changed"}},
    {"action.requested", {"Action demandée", "Action requested"}},
    {"action.approved", {"Action approuvée", "Action approved"}},
    {"action.planned", {"Action planifiée", "Action planned"}},
    {"action.enrolled", {"Inscription à l'action", "Enrolled"}},
    {"action.started", {"Action commencée", "Action started"}},
    {"action.proved", {"Action réalisée et prouvée", "Action done and proved"}},
    {"action.unproved", {"Preuve de l'action reprise", "Proof of the action taken back"}},
    {"action.cancelled", {"Action annulée", "Action cancelled"}},
    {"action.postponed", {"Action reportée", "Action postponed"}},
    {"action.refused", {"Action refusée", "Action refused"}},
    {"completion.received", {"Réalisation reçue", "Completion received"}},
    {"completion.assigned", {"Réalisation attribuée", "Completion assigned"}},
    {"completion.unassigned", {"Attribution retirée", "Assignment undone"}},
    {"completion.reassigned",
        {"Réalisation rendue à une autre personne", "Completion given to another person"}},
    {"identity.merged", {"Identités réunies", "Identities merged"}},
    {"identity.split", {"Identités séparées", "Identities split"}},
    {"completion.denied", {"Réalisation reprise par la plateforme", "Completion taken back by the platform"}},
    {"completion.shown_again", {"Réalisation de nouveau confirmée", "Completion confirmed again"}},
};

static const struct trace_word members[] = {
    {"action", {"action", "action"}},
    {"anchor", {"point de départ", "anchor"}},
    {"attempts", {"tentatives", "attempts"}},
    {"attendees", {"invités", "attendees"}},
    {"birth_date", {"date de naissance", "birth date"}},
    {"category", {"catégorie", "category"}},
    {"cause", {"cause", "cause"}},
    {"certificate", {"attestation", "certificate"}},
    {"channel", {"canal", "channel"}},
    {"completion", {"réalisation", "completion"}},
    {"conference_url", {"lien de visioconférence", "conference link"}},
    {"contract", {"contrat", "contract"}},
    {"contract_end", {"fin du contrat", "end of contract"}},
    {"copy", {"copie", "copy"}},
    {"cost", {"coût (centimes)", "cost (cents)"}},
    {"course", {"formation", "course"}},
    {"date", {"date", "date"}},
    {"description", {"description", "description"}},
    {"document", {"document", "document"}},
    {"domain", {"domaine", "domain"}},
    {"done_on", {"réalisée le", "done on"}},
    {"due", {"échéance", "due"}},
    {"email", {"courriel", "e-mail"}},
    {"employee", {"salarié", "employee"}},
    {"end", {"fin", "end"}},
    {"establishment", {"établissement", "establishment"}},
    {"excluded_days", {"jours non comptés", "days not counted"}},
    {"exit_date", {"date de sortie", "exit date"}},
    {"family_name", {"nom", "family name"}},
    {"financing", {"financement", "financing"}},
    {"given_name", {"prénom", "given name"}},
    {"held", {"tenu le", "held"}},
    {"held_by", {"conduit par", "held by"}},
    {"hire_date", {"date d'entrée", "hire date"}},
    {"information", {"informations données", "information given"}},
    {"interviewer", {"conducteur", "interviewer"}},
    {"kind", {"nature", "kind"}},
    {"limit", {"date limite", "limit"}},
    {"location", {"lieu", "location"}},
    {"manager", {"responsable", "manager"}},
    {"mandatory", {"obligatoire", "mandatory"}},
    {"means", {"moyen", "means"}},
    {"minutes_done", {"minutes réalisées", "minutes done"}},
    {"minutes_planned", {"minutes prévues", "minutes planned"}},
    {"mode", {"modalité", "mode"}},
    {"nature", {"nature", "nature"}},
    {"need", {"besoin", "need"}},
    {"no_shows", {"absences à l'entretien", "no-shows"}},
    {"number", {"numéro", "number"}},
    {"opens", {"ouverture", "opens"}},
    {"origin", {"origine", "origin"}},
    {"partstat", {"réponse", "answer"}},
    {"planned_by", {"entretien prévu", "planned by"}},
    {"proof", {"preuve", "proof"}},
    {"proposed_start", {"créneau proposé", "slot proposed"}},
    {"reason", {"motif", "reason"}},
    {"recap", {"état des lieux récapitulatif", "recap"}},
    {"recipient", {"destinataire", "recipient"}},
    {"reference", {"référence", "reference"}},
    {"refusal", {"refus", "refusal"}},
    {"regime", {"régime", "regime"}},
    {"report", {"compte rendu", "report"}},
    {"review", {"entretien", "review"}},
    {"role", {"rôle", "role"}},
    {"rule", {"règle", "rule"}},
    {"satisfied_by", {"satisfaite par", "satisfied by"}},
    {"satisfied_on", {"satisfaite le", "satisfied on"}},
    {"seniority_date", {"date d'ancienneté", "seniority date"}},
    {"sequence", {"version de l'invitation", "version of the invitation"}},
    {"short_notice", {"délai court", "short notice"}},
    {"shifted", {"échéance décalée", "shifted"}},
    {"size", {"taille (octets)", "size (bytes)"}},
    {"source", {"plateforme", "platform"}},
    {"start", {"début", "start"}},
    {"state", {"état", "state"}},
    {"themes", {"thèmes abordés", "themes covered"}},
    {"title", {"intitulé", "title"}},
    {"tolerated", {"tolérée", "tolerated"}},
    {"type", {"type", "type"}},
    {"validity", {"validité", "validity"}},
    {"valid_until", {"valable jusqu'au", "valid until"}},
    {"year", {"année", "year"}},
};

static const struct trace_word values[] = {
    {"none", {"aucun", "none"}},
    {"ACCEPTED", {"accepté", "accepted"}},
    {"DECLINED", {"décliné", "declined"}},
    {"NEEDS-ACTION", {"sans réponse", "no answer yet"}},
    {"TENTATIVE", {"peut-être", "tentative"}},
    {"accepted", {"accepté", "accepted"}},
    {"annual", {"annuel", "annual"}},
    {"approved", {"approuvée", "approved"}},
    {"before_leave", {"avant le congé", "before the leave"}},
    {"cancelled", {"annulé", "cancelled"}},
    {"closed", {"clos", "closed"}},
    {"completed", {"terminée", "completed"}},
    {"copy", {"copie", "copy"}},
    {"countered", {"autre créneau proposé", "countered"}},
    {"declined", {"décliné", "declined"}},
    {"done", {"réalisée", "done"}},
    {"draft", {"brouillon", "draft"}},
    {"email", {"courriel", "e-mail"}},
    {"employee", {"salarié", "employee"}},
    {"enrolled", {"inscrit", "enrolled"}},
    {"exempt", {"dispensée", "exempt"}},
    {"first", {"premier entretien", "first review"}},
    {"hand", {"en main propre", "by hand"}},
    {"held", {"tenu", "held"}},
    {"held_late", {"tenu en retard", "held late"}},
    {"hybrid", {"hybride", "hybrid"}},
    {"in_progress", {"en cours", "in progress"}},
    {"interviewer", {"conducteur", "interviewer"}},
    {"invited", {"convoqué", "invited"}},
    {"met", {"satisfait", "met"}},
    {"midcareer", {"mi-carrière", "mid-career"}},
    {"midcareer_visit", {"visite de mi-carrière", "mid-career visit"}},
    {"missed", {"manquée", "missed"}},
    {"no", {"non", "no"}},
    {"no_show", {"absent", "no-show"}},
    {"onsite", {"sur site", "on site"}},
    {"open", {"ouvert", "open"}},
    {"overdue", {"en retard", "overdue"}},
    {"periodic", {"entretien périodique", "periodic review"}},
    {"planned", {"prévu", "planned"}},
    {"postponed", {"reportée", "postponed"}},
    {"professional", {"professionnel", "professional"}},
    {"proposed", {"proposé", "proposed"}},
    {"proved", {"prouvée", "proved"}},
    {"recap", {"état des lieux récapitulatif", "recap"}},
    {"refused", {"refusé", "refused"}},
    {"remote", {"à distance", "remote"}},
    {"report", {"compte rendu", "report"}},
    {"reported", {"compte rendu établi", "reported"}},
    {"requested", {"demandée", "requested"}},
    {"return", {"retour d'absence", "return"}},
    {"senior", {"avant soixante ans", "before sixty"}},
    {"tentative", {"peut-être", "tentative"}},
    {"to_plan", {"à planifier", "to plan"}},
    {"training", {"formation", "training"}},
    {"undone", {"annulée par la plateforme", "undone"}},
    {"unknown", {"inconnu", "unknown"}},
    {"upcoming", {"à venir", "upcoming"}},
    {"withdrawn", {"retiré", "withdrawn"}},
    {"yes", {"oui", "yes"}},
};

static const char *trace_find(const struct trace_word *words, size_t count, enum lang lang, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].name, name) == 0)
            return words[i].words[lang];
    return NULL;
}

const char *trace_verb_words(enum lang lang, const char *verb)
{
    const char *found = trace_find(verbs, sizeof verbs / sizeof verbs[0], lang, verb);
    return found ? found : verb;
}

const char *trace_member_words(enum lang lang, const char *member)
{
    const char *found = trace_find(members, sizeof members / sizeof members[0], lang, member);
    return found ? found : member;
}

const char *trace_value_words(enum lang lang, const char *value)
{
    for (int i = 0; i < THEME_COUNT; i++)
        if (strcmp(review_themes[i].name, value) == 0)
            return review_themes[i].titles[lang];
    for (int i = 0; i < INFORMATION_COUNT; i++)
        if (strcmp(review_informations[i].name, value) == 0)
            return review_informations[i].titles[lang];
    return trace_find(values, sizeof values / sizeof values[0], lang, value);
}
