//! Sessions at the office, and edits in somebody's name through the same judge as phones.

use wijkboek_model::{Denial, Edit, Principal, Role, Sensitivity, Status};
use wijkboek_server::accounts::{Purpose, SESSION_VALID_MS};
use wijkboek_server::{EditError, LoginError};

use crate::support::{RIJSOORD, SLIKKERVEER, Town, contact, record_id};

fn login_code(town: &Town, person: &Principal) -> String {
    town.log().issue_code(Purpose::Login, person.id, town.now()).expect("a code")
}

fn person(town: &Town, name: &str, role: Role, wijken: &[&str]) -> Principal {
    let id = town.user(name, role, wijken);
    town.log().user(id).expect("read").expect("an account").principal
}

#[tokio::test]
async fn a_login_code_is_good_once_and_a_session_for_a_working_day() {
    let town = Town::new();
    let carla = person(&town, "Carla", Role::Medewerker, &[]);
    let code = login_code(&town, &carla);
    let token = town.state.log_in(&code).await.expect("the code is good").0;
    let again = town.state.log_in(&code).await;
    assert!(matches!(again, Err(LoginError::CodeRefused)));
    let enrolment = town.invite(carla.id);
    assert!(matches!(town.state.log_in(&enrolment).await, Err(LoginError::CodeRefused)));

    let staff = town.state.staff(&token).await.expect("read").expect("logged in");
    assert_eq!((staff.name.as_str(), &staff.principal), ("Carla", &carla));
    town.set_wijken(carla.id, Role::Oov, &[]);
    let staff = town.state.staff(&token).await.expect("read").expect("logged in");
    assert_eq!(staff.principal.role, Role::Oov, "the rights of this very moment");

    town.pass(SESSION_VALID_MS);
    assert!(town.state.staff(&token).await.expect("read").is_none());
    let token = town.state.log_in(&login_code(&town, &carla)).await.expect("good").0;
    town.state.log_out(&token).await.expect("logged out");
    assert!(town.state.staff(&token).await.expect("read").is_none());
}

#[tokio::test]
async fn an_edit_at_the_office_reaches_the_phone_with_its_author() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let carla = person(&town, "Carla", Role::Medewerker, &[]);
    let id = record_id(1);
    anna.create(id, &contact(SLIKKERVEER, "Losse tegel"));
    anna.push().await;
    anna.pull().await;

    let taken_up = || vec![Edit::Status(Status::InBehandeling).into_write()];
    assert!(town.state.edit_as(&carla, id, taken_up()).await.expect("allowed"));
    assert!(!town.state.edit_as(&carla, id, taken_up()).await.expect("nothing new"));
    let answered = vec![Edit::Answer(Some("Is gelegd".to_owned())).into_write()];
    assert!(town.state.edit_as(&carla, id, answered).await.expect("allowed"));

    let rows = town.state.read(move |store| store.row(id)).await.expect("read").expect("rows");
    assert_eq!(rows.expect("a row").status, Some(Status::InBehandeling));
    anna.pull().await;
    let history = anna.documents[&id].history();
    assert_eq!(history.len(), 3);
    let actor = history[1].actor;
    assert_eq!(history[2].actor, actor, "one actor per account and process");
    let people = town.state.principals_of(&[actor, history[0].actor]).await.expect("read");
    assert_eq!(people[&actor], carla.id);
    assert_eq!(people[&history[0].actor], anna.principal);
    assert_eq!(town.state.name_of(carla.id).await.expect("read").as_deref(), Some("Carla"));
}

#[tokio::test]
async fn the_office_is_judged_like_everybody_else() {
    let town = Town::new();
    let mut anna = town.wijkregisseur("Anna", &[SLIKKERVEER]).await;
    let carla = person(&town, "Carla", Role::Medewerker, &[]);
    let bram = person(&town, "Bram", Role::Wijkregisseur, &[RIJSOORD]);
    let id = record_id(1);
    anna.create(id, &contact(SLIKKERVEER, "Losse tegel"));
    anna.push().await;
    let rewrite = || vec![Edit::Note("Anders".to_owned()).into_write()];
    let refused = town.state.edit_as(&carla, id, rewrite()).await;
    assert!(matches!(refused, Err(EditError::Denied(Denial::FieldNotForRole))));
    let refused = town.state.edit_as(&bram, id, rewrite()).await;
    assert!(matches!(refused, Err(EditError::NotFound)), "not even that it exists");
    let refused = town.state.edit_as(&carla, record_id(9), rewrite()).await;
    assert!(matches!(refused, Err(EditError::NotFound)));
    let empty = vec![Edit::Answer(Some(" ".to_owned())).into_write()];
    assert!(matches!(town.state.edit_as(&carla, id, empty).await, Err(EditError::Invalid(_))));
    let restricted = vec![Edit::Sensitivity(Sensitivity::Vertrouwelijk).into_write()];
    assert!(town.state.edit_as(&carla, id, restricted).await.expect("upwards is allowed"));
    let refused = town.state.edit_as(&carla, id, rewrite()).await;
    assert!(matches!(refused, Err(EditError::NotFound)), "and now it is out of sight");
}
